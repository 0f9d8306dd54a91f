#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/principal.hpp"
#include "base/error.hpp"
#include "db/database.hpp"
#include "http/request.hpp"

namespace auth {

/// Finds out who calls. Live credentials are remembered in the process and forgotten at once when PostgreSQL
/// tells that one changed; while it cannot tell, every request asks the database.
class Authenticator {
public:
    explicit Authenticator(db::Database& database);
    ~Authenticator();

    /// The caller of a request, from `Authorization: Bearer` (RFC 6750 section 2.1) and nowhere else; an
    /// optional User-Id field must name the credential's user.
    ///
    /// Throws base::Error: unauthenticated "credential_missing", "credential_invalid" (malformed, unknown,
    /// disabled, expired, another user's); invalid_input "credential_ambiguous".
    Principal authenticate(const http::Request& request);

private:
    class Cache;
    db::Database& database_;
    std::unique_ptr<Cache> cache_;
};

/// Refuses a caller that may not use MCP in this workspace. `slug` is the workspace named in the URL, empty
/// for /mcp. Throws base::Error: forbidden "mcp_disabled"; not_found "workspace_not_found" when the
/// credential is bound to another workspace (its existence is not told).
void require_mcp(const Principal& principal, std::string_view slug);

/// Throws base::Error (insufficient_scope, "insufficient_scope") unless the principal's scopes allow it.
void require_scope(const Principal& principal, Scope scope);

/// The WWW-Authenticate value for an error of this kind (RFC 6750, RFC 9728 section 5.1), or empty when the
/// error is no challenge. `resource_metadata` is the URL of the protected resource metadata, `scopes` what
/// the operation needs.
std::string challenge_of(const base::Error& error, const std::string& resource_metadata,
                         const std::string& scopes);

/// The scopes worth asking for at an MCP endpoint, space-separated.
inline constexpr std::string_view default_challenge_scopes = "mcp.read mcp.write";

}  // namespace auth
