#include "egress/budget.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "schema/json.hpp"

namespace egress {
namespace {

using egress_client::json;

int per_call_of(const vault::Connector& connector, const std::string& bucket) {
    for (const auto& rule : connector.rate_limits) {
        if (rule.bucket == bucket) return rule.per_call.value_or(1);
    }
    return 1;
}

bool asks_for_patience(const egress_client::CallResult& result) {
    return result.retry_at && (result.status == 429 || result.status == 403 || result.status == 503);
}

json json_of(const BudgetLimit& limit) {
    json object{{"bucket", limit.bucket}, {"remaining", limit.remaining}, {"per_call", limit.per_call}};
    if (limit.allowed) object["allowed"] = *limit.allowed;
    if (limit.reset_at) object["reset_at"] = *limit.reset_at;
    return object;
}

[[noreturn]] void refuse(const std::string& bucket, bool is_share, base::Clock::time_point until) {
    const auto retry_at = "; retry_at " + base::rfc3339_of(until);
    if (is_share) {
        throw base::Error{base::Reason::rate_limited, "upstream_share_used",
                          "your share of the upstream's limit on " + bucket +
                              " is used; what is left is other agents'" + retry_at};
    }
    throw base::Error{base::Reason::rate_limited, "upstream_budget_used_up",
                      "the upstream's limit on " + bucket + " is used up" + retry_at};
}

}  // namespace

bool is_used_up(const BudgetLimit& limit) noexcept { return limit.remaining < std::max(limit.per_call, 1); }

std::vector<BudgetLimit> budget_limits_of(const egress_client::CallResult& result,
                                          const vault::Connector& connector) {
    std::vector<BudgetLimit> limits;
    for (const auto& limit : result.rate_limits) {
        if (!limit.remaining) continue;
        limits.push_back({limit.bucket, limit.limit, *limit.remaining, per_call_of(connector, limit.bucket),
                          limit.reset_at});
    }
    if (asks_for_patience(result)) limits.push_back({"retry_after", {}, 0, 0, result.retry_at});
    return limits;
}

void Settlement::take(const BudgetLimit& limit) {
    const auto [known, is_new] = limits.try_emplace(limit.bucket, limit);
    if (is_new) return;
    const bool same_window = known->second.reset_at == limit.reset_at;
    const auto least = std::min(known->second.remaining, limit.remaining);
    known->second = limit;
    if (same_window) known->second.remaining = least;
}

void settle_budgets(db::Database& database, const auth::WorkspaceId& workspace,
                    const vault::ServiceId& service, const Settlement& settlement) {
    static constexpr db::Statement settle{
        "egress.settle_budgets", "SELECT vault.settle_budgets($1, $2, $3, $4, $5::jsonb, $6::jsonb)"};
    auto limits = json::array();
    for (const auto& [bucket, limit] : settlement.limits) limits.push_back(json_of(limit));
    db::Autocommit session{database, db::Scope{workspace.uuid()}};
    session.query(settle, workspace, service, settlement.ended, settlement.sent,
                  schema::dump(json(settlement.unused)), schema::dump(limits));
}

Leases::Lease lease_budgets(db::Database& database, const Agent& agent, int most) {
    static constexpr db::Statement ask{"egress.lease_budgets", R"sql(
        SELECT granted, counted, bucket, reason, extract(epoch FROM retry_at)
          FROM vault.lease_budgets($1, $2, $3, $4)
    )sql"};
    db::Autocommit session{database, db::Scope{agent.workspace.uuid()}};
    const auto result =
        session.query(ask, agent.workspace, agent.service, agent.credential.uuid().text(), most);
    const auto row = result.front();
    if (row.is_null(2)) return {static_cast<int>(row.integer(0)), row.boolean(1)};
    refuse(row.string(2), row.text(3) == "share_used", row.time(4));
}

std::vector<egress_client::RateLimit> budgets_of(db::Database& database, const auth::WorkspaceId& workspace,
                                                 const vault::ServiceId& service) {
    static constexpr db::Statement select{"egress.budgets", R"sql(
        SELECT bucket, allowed, greatest(0, remaining - in_flight * per_call), extract(epoch FROM reset_at)
          FROM vault.budget
         WHERE workspace_id = $1 AND service_id = $2 AND reset_at > now()
         ORDER BY bucket
    )sql"};
    db::Autocommit session{database, db::Scope{workspace.uuid()}};
    std::vector<egress_client::RateLimit> limits;
    for (const auto row : session.query(select, workspace, service)) {
        egress_client::RateLimit limit{row.string(0), {}, row.integer(2), base::rfc3339_of(row.time(3))};
        if (!row.is_null(1)) limit.limit = row.integer(1);
        limits.push_back(std::move(limit));
    }
    return limits;
}

}  // namespace egress
