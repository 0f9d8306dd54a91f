#include "rest_access/user_token.hpp"

#include "base/error.hpp"
#include "crypto/digest.hpp"

namespace rest_access {

std::optional<auth::Principal> find_user_token(db::Database& database, std::string_view token,
                                               std::string_view workspace) {
    static constexpr db::Statement select{"rest_access.find_user_token", R"sql(
        SELECT user_id, workspace_id, slug, mcp_enabled, scopes FROM auth.find_user_token($1, $2, $3)
    )sql"};
    const auto id = auth::WorkspaceId::parse(workspace);
    std::optional<std::string> slug;
    if (!id && !workspace.empty()) slug = workspace;
    const auto result =
        db::Autocommit{database, {}}.query(select, db::Bytes{crypto::sha256(token)}, id, slug);
    if (result.empty()) return std::nullopt;
    const auto row = result.front();
    if (row.is_null(1)) {
        throw base::Error{base::Reason::not_found, "workspace_not_found",
                          "you are a member of no such workspace"};
    }
    if (result.size() > 1) {
        throw base::Error{base::Reason::invalid_input, "workspace_missing",
                          "you are a member of several workspaces: name one in the field Workspace"};
    }
    return auth::Principal{.kind = auth::CredentialKind::user_token,
                           .credential = auth::KeyId{row.uuid(0)},
                           .credential_proof = std::string{token},
                           .user = auth::UserId{row.uuid(0)},
                           .workspace = auth::WorkspaceId{row.uuid(1)},
                           .workspace_slug = row.string(2),
                           .mcp_enabled = row.boolean(3),
                           .scopes = auth::Scopes::parse(row.strings(4)),
                           .client = std::nullopt,
                           .resource = {}};
}

auth::Principal require_user_token(db::Database& database, std::string_view token,
                                   std::string_view workspace) {
    if (auto principal = find_user_token(database, token, workspace)) return *std::move(principal);
    throw base::Error{base::Reason::unauthenticated, "credential_invalid",
                      "the user token is unknown or has ended"};
}

}  // namespace rest_access
