#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "auth/principal.hpp"
#include "base/clock.hpp"
#include "db/database.hpp"

namespace auth {

/// What a verified access token says (RFC 9068). Whether its grant still lives, PostgreSQL knows.
struct AccessToken {
    GrantId grant;
    base::Uuid id;          ///< `jti`
    std::string subject;    ///< `sub`: the user, or a client that acts by itself
    std::string client_id;  ///< as on the wire
    std::string resource;   ///< `aud`
    Scopes scopes;
    base::Clock::time_point issued_at;
    base::Clock::time_point expires_at;
};

/// Verifies access tokens that this server signed, against the public keys in PostgreSQL. A token's signature
/// is checked once in a process; its expiry each time. Safe from any thread.
class AccessTokens {
public:
    /// `issuer`: what `iss` must be, byte for byte.
    AccessTokens(db::Database& database, std::string issuer);
    ~AccessTokens();

    /// Whether a bearer token has the form of an access token; says nothing about its worth.
    static bool has_form_of(std::string_view text) noexcept;

    /// Throws base::Error (unauthenticated, "credential_invalid"); what() says why.
    AccessToken verify(std::string_view text);

private:
    class Memory;
    db::Database& database_;
    std::string issuer_;
    std::unique_ptr<Memory> memory_;
};

/// As auth.live_credential takes a verified access token: its id and what it allows.
std::string proof_of_token(const base::Uuid& id, const Scopes& scopes);

/// How far the clocks of two hosts may differ.
inline constexpr std::chrono::seconds token_clock_skew{5};

}  // namespace auth
