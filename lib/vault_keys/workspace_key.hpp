#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.hpp"
#include "base/secret.hpp"
#include "base/uuid.hpp"
#include "db/session.hpp"

namespace vault_keys {

/// The deployment's key-encryption keys. Linked by the operator's command line and by egress alone.
class KeyEncryption {
public:
    /// `file`: base::Config::keys.vault (see crypto/key_file.hpp). Throws base::Error as
    /// crypto::read_key_file does: no process goes on without a key.
    explicit KeyEncryption(const std::filesystem::path& file);

    /// Wraps the private half of a key pair with the newest key. It unwraps for this pair of this workspace
    /// alone.
    std::string wrap(const auth::WorkspaceId& workspace, const base::Uuid& pair,
                     const base::Secret& private_key) const;
    /// Throws base::Error (internal, "vault_key_mismatch") when it was wrapped with a key we do not have, or
    /// for another pair.
    base::Secret unwrap(const auth::WorkspaceId& workspace, const base::Uuid& pair,
                        std::string_view wrapped) const;

private:
    struct Key {
        std::string id;
        base::Secret bytes;
    };
    std::vector<Key> keys_;
};

/// Makes a workspace's first key pair; does nothing when it has one. Needs a session in its scope.
void create_workspace_keys(db::Session& session, const auth::WorkspaceId& workspace,
                           const KeyEncryption& key_encryption);

/// Makes a further key pair: from now on secrets are sealed with it; those sealed before still open.
void rotate_workspace_keys(db::Session& session, const auth::WorkspaceId& workspace,
                           const KeyEncryption& key_encryption);

}  // namespace vault_keys
