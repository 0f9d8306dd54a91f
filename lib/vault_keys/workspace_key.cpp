#include "vault_keys/workspace_key.hpp"

#include "crypto/x25519.hpp"

namespace vault_keys {
namespace {

void add_pair(db::Session& session, const auth::WorkspaceId& workspace, const KeyEncryption& key_encryption,
              const db::Statement& insert) {
    const auto id = base::Uuid::create();
    const auto pair = crypto::create_x25519_keys();
    session.query(insert, workspace, id, db::Bytes{pair.public_key},
                  db::Bytes{key_encryption.wrap(workspace, id, pair.private_key)});
}

}  // namespace

void create_workspace_keys(db::Session& session, const auth::WorkspaceId& workspace,
                           const KeyEncryption& key_encryption) {
    static constexpr db::Statement insert{"vault_keys.create", R"sql(
        INSERT INTO vault.workspace_key (workspace_id, id, public_key, wrapped_private_key)
        SELECT $1, $2, $3, $4
         WHERE NOT EXISTS (SELECT FROM vault.workspace_key WHERE workspace_id = $1)
    )sql"};
    add_pair(session, workspace, key_encryption, insert);
}

void rotate_workspace_keys(db::Session& session, const auth::WorkspaceId& workspace,
                           const KeyEncryption& key_encryption) {
    static constexpr db::Statement insert{"vault_keys.rotate", R"sql(
        INSERT INTO vault.workspace_key (workspace_id, id, public_key, wrapped_private_key)
        VALUES ($1, $2, $3, $4)
    )sql"};
    add_pair(session, workspace, key_encryption, insert);
}

}  // namespace vault_keys
