#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.hpp"
#include "base/secret.hpp"
#include "base/uuid.hpp"
#include "db/session.hpp"
#include "vault_keys/agreements.hpp"

namespace vault_keys {

/// The deployment's key-encryption keys. Linked by the operator's command line and by egress alone. A key
/// that was added to the file since is found when something wrapped with it is met. Safe from any thread.
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
    /// What the wrapped private half and somebody's public half (X25519, 32 bytes) agree on; nothing when
    /// that is no such half. Throws as unwrap.
    std::optional<base::Secret> agree(const auth::WorkspaceId& workspace, const base::Uuid& pair,
                                      std::string_view wrapped, std::string_view public_half) const;

    /// Begins everything that wrap() made: which key wrapped it.
    std::string newest_mark() const;

private:
    struct Key {
        std::string id;
        base::Secret bytes;
    };
    using Keys = std::shared_ptr<const std::vector<Key>>;

    static Keys read(const std::filesystem::path& file);
    Keys keys() const;
    Keys read_again() const;

    std::filesystem::path file_;
    mutable std::mutex mutex_;
    mutable Keys keys_;
    mutable Agreements agreements_;
};

/// Makes a workspace's first key pair; does nothing when it has one. Needs a session in its scope.
void create_workspace_keys(db::Session& session, const auth::WorkspaceId& workspace,
                           const KeyEncryption& key_encryption);

/// Makes a further key pair: from now on secrets are sealed with it; those sealed before still open.
void rotate_workspace_keys(db::Session& session, const auth::WorkspaceId& workspace,
                           const KeyEncryption& key_encryption);

/// Wraps a workspace's private halves with the newest key-encryption key where another wraps them; how many.
/// Readers go on undisturbed.
int rewrap_workspace_keys(db::Session& session, const auth::WorkspaceId& workspace,
                          const KeyEncryption& key_encryption);

/// The keys of the file by what they wrap in a workspace: marks as newest_mark() gives them.
std::vector<std::string> marks_in_use(db::Session& session, const auth::WorkspaceId& workspace);

/// What to do with the key file itself. add_key: a further key, the newest unless `prepared`, which only
/// opens. promote_last_key: a prepared key becomes the newest. keep_keys: drops those whose mark is not among
/// `marks`, never the newest; how many were dropped.
void add_key(const std::filesystem::path& file, bool prepared);
void promote_last_key(const std::filesystem::path& file);
int keep_keys(const std::filesystem::path& file, const std::vector<std::string>& marks);

}  // namespace vault_keys
