#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "auth/principal.hpp"
#include "base/uuid.hpp"
#include "db/session.hpp"

namespace vault {

/// The public half of a workspace's newest key pair: what seals its secrets.
struct SealingKey {
    base::Uuid id;
    std::string public_key;  ///< X25519, 32 bytes
};

/// Makes a workspace's key pair and stores it, the private half wrapped by the newest key of `key_file` (see
/// crypto/key_file.hpp). Does nothing when the workspace has one. Needs a session in the workspace's scope.
void create_workspace_keys(db::Session& session, const auth::WorkspaceId& workspace,
                           const std::filesystem::path& key_file);

/// Makes a further key pair: from now on secrets are sealed with it; those sealed before still open.
void rotate_workspace_keys(db::Session& session, const auth::WorkspaceId& workspace,
                           const std::filesystem::path& key_file);

/// Nothing when the workspace has no key pair yet.
std::optional<SealingKey> find_sealing_key(db::Session& session);

}  // namespace vault
