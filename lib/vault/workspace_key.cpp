#include "vault/workspace_key.hpp"

namespace vault {

std::optional<SealingKey> find_sealing_key(db::Session& session) {
    static constexpr db::Statement select{"vault.find_sealing_key", R"sql(
        SELECT id, public_key
          FROM vault.workspace_key
         WHERE workspace_id = workspace.current_id()
         ORDER BY id DESC
         LIMIT 1
    )sql"};
    const auto result = session.query(select);
    if (result.empty()) return std::nullopt;
    return SealingKey{result.front().uuid(0), result.front().bytes(1)};
}

}  // namespace vault
