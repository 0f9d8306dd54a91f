#include "vault/alert.hpp"

#include "auth/principal.hpp"

namespace vault {

std::vector<Alert> list_alerts(db::Session& session, int most) {
    static constexpr db::Statement select{"vault.list_alerts", R"sql(
        SELECT extract(epoch FROM at), kind, service_name, credential_id, detail
          FROM vault.alert
         WHERE workspace_id = workspace.current_id()
         ORDER BY at DESC
         LIMIT $1
    )sql"};
    std::vector<Alert> alerts;
    for (const auto row : session.query(select, most)) {
        alerts.push_back(
            {row.time(0), row.string(1), row.string(2), auth::KeyId{row.uuid(3)}.text(), row.string(4)});
    }
    return alerts;
}

}  // namespace vault
