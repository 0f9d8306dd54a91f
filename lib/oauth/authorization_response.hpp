#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace oauth {

/// Where an answer to an authorization request goes: a URI that was checked against the client's.
struct ReturnAddress {
    std::string redirect_uri;
    std::optional<std::string> state;
};

/// A refusal that the client is told of at its redirect URI. Everything that is wrong before the client and
/// its URI are known is a plain base::Error and a page instead.
class AuthorizationRefusal : public base::Error {
public:
    AuthorizationRefusal(ReturnAddress address, std::string code, const std::string& description);
    const ReturnAddress& address() const noexcept { return address_; }

private:
    ReturnAddress address_;
};

/// The URI with error, error_description, state and iss (RFC 6749 section 4.1.2.1, RFC 9207).
std::string location_of(const AuthorizationRefusal& refusal, const std::string& issuer);
/// The URI with code, state and iss (RFC 6749 section 4.1.2, RFC 9207).
std::string location_of(const ReturnAddress& address, std::string_view code, const std::string& issuer);

}  // namespace oauth
