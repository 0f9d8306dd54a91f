#include "auth/authenticator.hpp"
#include "auth/insufficient_scope.hpp"

namespace auth {

void require_mcp(const Principal& principal, std::string_view slug) {
    if (!slug.empty() && slug != principal.workspace_slug) {
        throw base::Error{base::Reason::not_found, "workspace_not_found",
                          "there is no such workspace for this credential"};
    }
    if (!principal.mcp_enabled) {
        throw base::Error{base::Reason::forbidden, "mcp_disabled",
                          "MCP is not enabled in this workspace; an administrator can enable it"};
    }
}

void require_resource(const Principal& principal, std::string_view resource) {
    if (principal.resource.empty() || principal.resource == resource) return;
    throw base::Error{base::Reason::unauthenticated, "credential_invalid",
                      "the access token is for another resource"};
}

void require_scope(const Principal& principal, Scope scope) {
    if (principal.scopes.allows(scope)) return;
    throw InsufficientScope{scope};
}

}  // namespace auth
