#pragma once

#include <stdexcept>
#include <string>

namespace base {

/// Why a request cannot be served, in words no protocol owns.
/// Each protocol maps the whole enum once, in a switch without default.
enum class Reason {
    invalid_input,       ///< the caller must change the request
    unauthenticated,     ///< no credential, or one that is not live
    forbidden,           ///< the credential is live but may not do this
    insufficient_scope,  ///< as forbidden, and a wider scope would help
    not_found,
    conflict,
    too_large,
    rate_limited,
    upstream_failed,  ///< an outside service did not answer, or not usably
    unavailable,      ///< a part of Gatehouse is down; trying again may help
    internal,
};

/// A request that cannot be served.
///
/// code() is the stable snake_case code that clients may switch on.
/// what() is written for the caller and may cross the network.
/// detail() is written for the operator and reaches the log only.
class Error : public std::runtime_error {
public:
    Error(Reason reason, std::string code, const std::string& message, std::string detail = {})
        : std::runtime_error{message}, reason_{reason}, code_{std::move(code)}, detail_{std::move(detail)} {}

    Reason reason() const noexcept { return reason_; }
    const std::string& code() const noexcept { return code_; }
    const std::string& detail() const noexcept { return detail_; }

private:
    Reason reason_;
    std::string code_;
    std::string detail_;
};

}  // namespace base
