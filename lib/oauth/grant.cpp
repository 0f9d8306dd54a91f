#include "oauth/grant.hpp"

#include "base/error.hpp"

namespace oauth {

std::vector<ListedGrant> list_grants(db::Session& session, const auth::UserId& owner,
                                     const std::optional<auth::WorkspaceId>& workspace) {
    static constexpr db::Statement select{"oauth.list_grants", R"sql(
        SELECT id, slug, client_id, client_name, origin, scopes, resource, created_at, expires_at,
               registered_by
          FROM oauth.grants_of($1, $2)
    )sql"};
    std::vector<ListedGrant> grants;
    for (const auto row : session.query(select, owner, workspace)) {
        grants.push_back({.id = GrantKey{row.uuid(0)},
                          .workspace = row.string(1),
                          .client_id = row.string(2),
                          .client_name = row.string(3),
                          .client_origin = origin_of(row.text(4)).value(),
                          .client_registrar = registrar_of(row.text(9)).value(),
                          .scopes = row.strings(5),
                          .resource = row.string(6),
                          .created_at = row.time(7),
                          .expires_at = row.time(8)});
    }
    return grants;
}

void revoke_grant(db::Session& session, const auth::UserId& owner, const GrantKey& id,
                  const std::optional<auth::WorkspaceId>& workspace) {
    static constexpr db::Statement revoke{"oauth.revoke_grant", "SELECT oauth.revoke_grant($1, $2, $3)"};
    if (!session.query(revoke, owner, id, workspace).front().boolean(0))
        throw base::Error{base::Reason::not_found, "grant_not_found", "no such grant of yours"};
}

}  // namespace oauth
