#include "egress/budget.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "egress/bucket.hpp"
#include "schema/json.hpp"

namespace egress {
namespace {

using egress_client::json;

int per_call_of(const vault::Connector& connector, const std::string& bucket) {
    const bool is_own = is_named(connector, bucket);
    for (const auto& rule : connector.rate_limits) {
        if (is_own ? rule.is_naming() : rule.bucket == bucket) return rule.per_call.value_or(1);
    }
    return 1;
}

/// The named bucket that the answer says is used up.
BudgetLimit* used_up_bucket(std::vector<BudgetLimit>& limits) {
    const auto found = std::find_if(limits.begin(), limits.end(),
                                    [](const auto& limit) { return limit.is_named && limit.remaining == 0; });
    return found == limits.end() ? nullptr : &*found;
}

bool asks_for_patience(const egress_client::CallResult& result) {
    return result.retry_at && (result.status == 429 || result.status == 403 || result.status == 503);
}

json json_of(const BudgetLimit& limit) {
    json object{{"bucket", limit.bucket},
                {"remaining", limit.remaining},
                {"per_call", limit.per_call},
                {"named", limit.is_named}};
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
                          limit.reset_at, is_named(connector, limit.bucket)});
    }
    if (!asks_for_patience(result)) return limits;
    if (auto* own = used_up_bucket(limits))
        own->reset_at = result.retry_at;
    else
        limits.push_back({"retry_after", {}, 0, 0, result.retry_at});
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
                    const vault::ServiceId& service, const std::string& bucket,
                    const Settlement& settlement) {
    static constexpr db::Statement settle{
        "egress.settle_budgets", "SELECT vault.settle_budgets($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7)"};
    auto limits = json::array();
    for (const auto& [name, limit] : settlement.limits) limits.push_back(json_of(limit));
    db::Autocommit session{database, db::Scope{workspace.uuid()}};
    session.query(settle, workspace, service, settlement.ended, settlement.sent,
                  schema::dump(json(settlement.unused)), schema::dump(limits), bucket);
}

Leases::Lease lease_budgets(db::Database& database, const Agent& agent, int most) {
    static constexpr db::Statement ask{"egress.lease_budgets", R"sql(
        SELECT granted, counted, bucket, reason, extract(epoch FROM retry_at)
          FROM vault.lease_budgets($1, $2, $3, $4, $5)
    )sql"};
    db::Autocommit session{database, db::Scope{agent.workspace.uuid()}};
    const auto result = session.query(ask, agent.workspace, agent.service, agent.credential.uuid().text(),
                                      most, agent.bucket);
    const auto row = result.front();
    if (row.is_null(2)) return {static_cast<int>(row.integer(0)), row.boolean(1)};
    refuse(row.string(2), row.text(3) == "share_used", row.time(4));
}

std::vector<KnownBudget> budgets_of(db::Database& database, const auth::WorkspaceId& workspace,
                                    const vault::ServiceId& service, const std::string& bucket) {
    static constexpr db::Statement select{"egress.budgets", R"sql(
        SELECT bucket, allowed, greatest(0, remaining - in_flight * per_call), extract(epoch FROM reset_at),
               NOT named OR bucket = $3
          FROM vault.budget
         WHERE workspace_id = $1 AND service_id = $2 AND reset_at > now()
         ORDER BY bucket
    )sql"};
    db::Autocommit session{database, db::Scope{workspace.uuid()}};
    std::vector<KnownBudget> budgets;
    for (const auto row : session.query(select, workspace, service, bucket)) {
        egress_client::RateLimit limit{row.string(0), {}, row.integer(2), base::rfc3339_of(row.time(3))};
        if (!row.is_null(1)) limit.limit = row.integer(1);
        budgets.push_back({std::move(limit), row.boolean(4)});
    }
    return budgets;
}

}  // namespace egress
