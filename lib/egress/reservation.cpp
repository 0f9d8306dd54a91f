#include "egress/reservation.hpp"

#include <algorithm>

namespace egress {
namespace {

constexpr int most_ahead = 64;
constexpr std::chrono::seconds longest{1};

/// Whether the call was counted.
bool take_call(db::Database& database, Leases& leases, const Agent& agent) {
    const auto now = std::chrono::steady_clock::now();
    if (const auto taken = leases.take(agent, now); taken.calls > 0) return taken.is_counted;
    auto lease = lease_budgets(database, agent, most_ahead);
    --lease.calls;
    leases.add(agent, lease, now + longest);
    return lease.is_counted;
}

}  // namespace

Reservation::Reservation(db::Database& database, Leases& leases, Recorder& recorder, const Caller& caller,
                         const OpenedService& opened, std::string bucket)
    : leases_{leases},
      recorder_{recorder},
      agent_{caller.workspace, opened.service.id, caller.credential, std::move(bucket)},
      had_budget_{opened.guard.has_budget},
      is_counted_{had_budget_ && take_call(database, leases, agent_)} {}

Reservation::~Reservation() {
    if (is_counted_) recorder_.settle(agent_, was_sent_);
}

bool Reservation::hear(const std::vector<BudgetLimit>& limits) {
    if (limits.empty()) return false;
    recorder_.note(agent_, limits);
    if (!is_counted_ || std::any_of(limits.begin(), limits.end(), is_used_up))
        leases_.end(agent_.workspace, agent_.service);
    return !had_budget_;
}

}  // namespace egress
