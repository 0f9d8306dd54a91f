#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "auth/principal.hpp"
#include "db/database.hpp"
#include "egress/leases.hpp"
#include "egress_client/messages.hpp"
#include "vault/connector.hpp"

namespace egress {

/// What an upstream still allows of one kind.
struct BudgetLimit {
    std::string bucket;
    std::optional<std::int64_t> allowed;
    std::int64_t remaining = 0;
    int per_call = 1;
    std::optional<std::string> reset_at;  ///< RFC 3339
    bool is_named = false;                ///< bounds the calls alone that belong to it
};

/// What an answer says of budgets. An upstream that asks for patience has none until it says: in the bucket
/// that it names as used up, else in all.
std::vector<BudgetLimit> budget_limits_of(const egress_client::CallResult& result,
                                          const vault::Connector& connector);

/// Whether the upstream wants no further call before the limit's reset.
bool is_used_up(const BudgetLimit& limit) noexcept;

/// What several calls in one bucket of a service leave behind.
struct Settlement {
    int ended = 0;  ///< of the calls that were let through, made or not
    int sent = 0;
    std::map<std::string, int> unused;          ///< of those that ended without being made, by credential
    std::map<std::string, BudgetLimit> limits;  ///< by bucket

    bool empty() const noexcept { return ended == 0 && limits.empty(); }
    /// The newest word counts; of one window the least that remains.
    void take(const BudgetLimit& limit);
};

void settle_budgets(db::Database& database, const auth::WorkspaceId& workspace,
                    const vault::ServiceId& service, const std::string& bucket, const Settlement& settlement);

/// Lets the agent make some calls, `most` of them at most.
///
/// Throws base::Error (rate_limited): "upstream_budget_used_up" before the upstream would answer 429,
/// "upstream_share_used" when what is left is other agents' share. what() ends with the time to try again.
Leases::Lease lease_budgets(db::Database& database, const Agent& agent, int most);

/// As check_credential_status shows rate limits: with what calls under way will take.
struct KnownBudget {
    egress_client::RateLimit limit;
    bool applies = true;  ///< to a call in the bucket in question
};
std::vector<KnownBudget> budgets_of(db::Database& database, const auth::WorkspaceId& workspace,
                                    const vault::ServiceId& service, const std::string& bucket);

}  // namespace egress
