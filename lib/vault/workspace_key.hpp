#pragma once

#include <optional>
#include <string>

#include "base/uuid.hpp"
#include "db/session.hpp"

namespace vault {

/// The public half of a workspace's newest key pair: what seals its secrets.
/// Pairs are made and rotated by vault_keys/workspace_key.hpp.
struct SealingKey {
    base::Uuid id;
    std::string public_key;  ///< X25519, 32 bytes
};

/// Nothing when the workspace has no key pair yet.
std::optional<SealingKey> find_sealing_key(db::Session& session);

}  // namespace vault
