#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/config.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "db/database.hpp"
#include "oauth/client_metadata.hpp"

namespace oauth {

/// A client as its registrant sees it.
struct Registration {
    ClientKey key;
    std::string client_id;
    ClientMetadata metadata;
    base::Clock::time_point issued_at;
    std::string secret_sha256;        ///< of the secret it has; empty without one
    base::Secret client_secret;       ///< only when one was made just now
    base::Secret registration_token;  ///< manages the registration (RFC 7592)
};

/// Registers a client (RFC 7591), counted against the address it comes from. Public clients that say the same
/// share a client_id.
/// Throws TooManyRegistrations.
Registration register_client(db::Database& database, ClientMetadata metadata,
                             const std::string& remote_address, const base::Config::OAuth& limits);

/// The registration that a token manages. Throws base::Error (unauthenticated, "invalid_token").
Registration require_registration(db::Session& session, std::string_view client_id, std::string_view token);

/// Replaces what is registered (RFC 7592 section 2.2). A new secret is made when the client has none yet and
/// now needs one. Throws base::Error (forbidden, "access_denied") for a client that others share.
void replace_registration(db::Database& database, Registration& registration, ClientMetadata metadata);

/// Ends the registration: the client, its grants and their tokens are gone, unless others share the client.
void delete_registration(db::Database& database, const Registration& registration, std::string_view token);

/// The response body (RFC 7591 section 3.2.1, RFC 7592 section 3).
std::string describe(const Registration& registration, const std::string& public_url);

/// What is counted together: an IPv4 address, or the /64 that an IPv6 address is in.
std::string registration_source_of(const std::string& remote_address);

/// Too many registrations; wait() says for how long.
class TooManyRegistrations : public base::Error {
public:
    explicit TooManyRegistrations(std::chrono::seconds wait);
    std::chrono::seconds wait() const noexcept { return wait_; }

private:
    std::chrono::seconds wait_;
};

}  // namespace oauth
