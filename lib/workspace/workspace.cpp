#include "workspace/workspace.hpp"

#include "base/error.hpp"

namespace workspace {
namespace {

Workspace workspace_of(const db::Row& row) {
    return Workspace{
        .id = auth::WorkspaceId{row.uuid(0)},
        .slug = row.string(1),
        .name = row.string(2),
        .mcp_enabled = row.boolean(3),
        .suspended = row.boolean(4),
    };
}

const char* name_of(Role role) {
    switch (role) {
        case Role::owner:
            return "owner";
        case Role::admin:
            return "admin";
        case Role::member:
            return "member";
    }
    return "member";
}

}  // namespace

Workspace create_workspace(db::Session& session, const std::string& slug, const std::string& name) {
    static constexpr db::Statement insert{
        "workspace.create", "INSERT INTO workspace.workspace (id, slug, name) VALUES ($1, $2, $3)"};
    const Workspace workspace{.id = auth::WorkspaceId::create(), .slug = slug, .name = name};
    try {
        session.query(insert, workspace.id, slug, name);
    } catch (const db::StatementError& error) {
        if (error.is_unique_violation()) {
            throw base::Error{base::Reason::conflict, "workspace_exists", "a workspace of this name exists"};
        }
        if (error.sqlstate() == "23514") {
            throw base::Error{base::Reason::invalid_input, "invalid_slug",
                              "a workspace's slug has 2 to 48 lower-case letters, digits and single hyphens"};
        }
        throw;
    }
    return workspace;
}

std::optional<Workspace> find_workspace(db::Session& session, const std::string& slug) {
    static constexpr db::Statement select{"workspace.find", R"sql(
        SELECT id, slug, name, mcp_enabled, suspended_at IS NOT NULL FROM workspace.workspace WHERE slug = $1
    )sql"};
    const auto result = session.query(select, slug);
    if (result.empty()) return std::nullopt;
    return workspace_of(result.front());
}

Workspace require_workspace(db::Session& session, const std::string& slug) {
    auto workspace = find_workspace(session, slug);
    if (!workspace) throw base::Error{base::Reason::not_found, "workspace_not_found", "no workspace " + slug};
    return *std::move(workspace);
}

std::vector<Workspace> list_workspaces(db::Session& session) {
    static constexpr db::Statement select{"workspace.list", R"sql(
        SELECT id, slug, name, mcp_enabled, suspended_at IS NOT NULL FROM workspace.workspace ORDER BY slug
    )sql"};
    std::vector<Workspace> workspaces;
    for (const auto row : session.query(select)) workspaces.push_back(workspace_of(row));
    return workspaces;
}

void set_mcp_enabled(db::Session& session, const auth::WorkspaceId& id, bool enabled) {
    static constexpr db::Statement update{"workspace.set_mcp_enabled",
                                          "UPDATE workspace.workspace SET mcp_enabled = $2 WHERE id = $1"};
    session.query(update, id, enabled);
}

void delete_workspace(db::Session& session, const auth::WorkspaceId& id) {
    static constexpr db::Statement remove{"workspace.delete",
                                          "DELETE FROM workspace.workspace WHERE id = $1"};
    session.query(remove, id);
}

void set_suspended(db::Session& session, const auth::WorkspaceId& id, bool suspended) {
    static constexpr db::Statement update{"workspace.set_suspended", R"sql(
        UPDATE workspace.workspace SET suspended_at = CASE WHEN $2 THEN coalesce(suspended_at, now()) END WHERE id = $1
    )sql"};
    session.query(update, id, suspended);
}

void add_member(db::Session& session, const auth::WorkspaceId& id, const auth::UserId& user, Role role) {
    static constexpr db::Statement upsert{"workspace.add_member", R"sql(
        INSERT INTO workspace.member (workspace_id, user_id, role) VALUES ($1, $2, $3)
        ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = EXCLUDED.role
    )sql"};
    session.query(upsert, id, user, name_of(role));
}

}  // namespace workspace
