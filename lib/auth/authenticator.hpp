#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/access_token.hpp"
#include "auth/principal.hpp"
#include "base/error.hpp"
#include "db/database.hpp"
#include "http/request.hpp"

namespace auth {

/// What an Authorization field holds: its scheme in lower case, and what follows.
struct PresentedCredential {
    std::string scheme;
    std::string_view text;  ///< a part of the request's field
};

/// Throws base::Error: unauthenticated "credential_missing"; invalid_input "two_credentials" when the query
/// carries an access_token as well (RFC 6750 section 2).
PresentedCredential presented_credential(const http::Request& request);

/// Refuses a User-Id field that names another user than the credential's. Throws base::Error
/// (unauthenticated, "credential_invalid").
void check_user(const http::Request& request, const Principal& principal);

/// Finds out who calls. Live credentials are remembered in the process and forgotten at once when PostgreSQL
/// tells that one changed; while it cannot tell, every request asks the database.
class Authenticator {
public:
    /// `public_url`: the origin that access tokens are issued by and for.
    Authenticator(db::Database& database, std::string public_url);
    ~Authenticator();

    /// The caller of a request, from `Authorization: Bearer` (RFC 6750 section 2.1) and nowhere else; an
    /// optional User-Id field must name the credential's user.
    ///
    /// An API key, or an access token for one of this server's own resources: of a token the signature is
    /// checked once in a process, the grant behind it on every request.
    ///
    /// Throws base::Error: unauthenticated "credential_missing", "credential_invalid" (malformed, unknown,
    /// disabled, expired, revoked, another user's, for another audience); invalid_input "two_credentials".
    Principal authenticate(const http::Request& request);

private:
    class Cache;
    Principal principal_of_key(std::string_view text);
    Principal principal_of_token(std::string_view text);
    template <class Find>
    Principal remembered(const std::string& digest, Find find);

    db::Database& database_;
    std::string public_url_;
    AccessTokens tokens_;
    std::unique_ptr<Cache> cache_;
};

/// Refuses a caller that may not use MCP in this workspace. `slug` is the workspace named in the URL, empty
/// for /mcp. Throws base::Error: forbidden "mcp_disabled"; not_found "workspace_not_found" when the
/// credential is bound to another workspace (its existence is not told).
void require_mcp(const Principal& principal, std::string_view slug);

/// Refuses an access token that was issued for another resource (RFC 8707 section 2.2, RFC 9068 section 4).
/// Throws base::Error (unauthenticated, "credential_invalid").
void require_resource(const Principal& principal, std::string_view resource);

/// Throws InsufficientScope unless the principal's scopes allow it.
void require_scope(const Principal& principal, Scope scope);

/// The WWW-Authenticate value for an error of this kind (RFC 6750, RFC 9728 section 5.1), or empty when the
/// error is no challenge. `resource_metadata` is the URL of the protected resource metadata, `scopes` what is
/// worth asking for; what the operation needs is added.
std::string challenge_of(const base::Error& error, const std::string& resource_metadata,
                         const std::string& scopes);

/// The scopes worth asking for at an MCP endpoint, space-separated.
inline constexpr std::string_view default_challenge_scopes = "mcp.read mcp.write";

}  // namespace auth
