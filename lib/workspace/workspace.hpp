#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/principal.hpp"
#include "db/session.hpp"

namespace workspace {

/// A tenant: everything else belongs to one.
struct Workspace {
    auth::WorkspaceId id;
    std::string slug;
    std::string name;
    bool mcp_enabled = false;
    bool suspended = false;
};

/// Throws base::Error: conflict "workspace_exists"; invalid_input "invalid_slug" (lower-case letters, digits
/// and single hyphens, 2 to 48 of them).
Workspace create_workspace(db::Session& session, const std::string& slug, const std::string& name);

std::optional<Workspace> find_workspace(db::Session& session, const std::string& slug);
/// Throws base::Error (not_found, "workspace_not_found").
Workspace require_workspace(db::Session& session, const std::string& slug);
std::vector<Workspace> list_workspaces(db::Session& session);

void set_mcp_enabled(db::Session& session, const auth::WorkspaceId& id, bool enabled);
void set_suspended(db::Session& session, const auth::WorkspaceId& id, bool suspended);

/// Deletes the workspace with all it has. Its private keys go too: what was sealed for it, in whatever copy
/// of the database, opens no more once the key-encryption key that wrapped them is rotated away.
void delete_workspace(db::Session& session, const auth::WorkspaceId& id);

enum class Role { owner, admin, member };

/// Adds the user, or changes the role of one who is in already.
void add_member(db::Session& session, const auth::WorkspaceId& id, const auth::UserId& user, Role role);

}  // namespace workspace
