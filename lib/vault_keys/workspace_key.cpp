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

int rewrap_workspace_keys(db::Session& session, const auth::WorkspaceId& workspace,
                          const KeyEncryption& key_encryption) {
    static constexpr db::Statement select{"vault_keys.wrapped_otherwise", R"sql(
        SELECT id, wrapped_private_key
          FROM vault.workspace_key
         WHERE workspace_id = $1 AND substr(wrapped_private_key, 1, 9) <> $2
    )sql"};
    static constexpr db::Statement update{"vault_keys.rewrap", R"sql(
        UPDATE vault.workspace_key SET wrapped_private_key = $4
         WHERE workspace_id = $1 AND id = $2 AND wrapped_private_key = $3
    )sql"};
    int count = 0;
    for (const auto row : session.query(select, workspace, db::Bytes{key_encryption.newest_mark()})) {
        const auto wrapped = row.bytes(1);
        const auto private_key = key_encryption.unwrap(workspace, row.uuid(0), wrapped);
        const auto anew = key_encryption.wrap(workspace, row.uuid(0), private_key);
        count +=
            session.query(update, workspace, row.uuid(0), db::Bytes{wrapped}, db::Bytes{anew}).affected();
    }
    return count;
}

std::vector<std::string> marks_in_use(db::Session& session, const auth::WorkspaceId& workspace) {
    static constexpr db::Statement select{"vault_keys.marks_in_use", R"sql(
        SELECT DISTINCT substr(wrapped_private_key, 1, 9) FROM vault.workspace_key WHERE workspace_id = $1
    )sql"};
    std::vector<std::string> marks;
    for (const auto row : session.query(select, workspace)) marks.push_back(row.bytes(0));
    return marks;
}

}  // namespace vault_keys
