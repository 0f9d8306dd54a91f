#pragma once

#include "egress/last_calls.hpp"
#include "egress/leases.hpp"
#include "egress/opened_service.hpp"

namespace egress {

/// One call that the upstream's budget has room for; settled however it ends.
class Reservation {
public:
    /// Throws base::Error as lease_budgets.
    Reservation(db::Database& database, Leases& leases, LastCalls& last_calls, const Caller& caller,
                const OpenedService& opened);
    Reservation(const Reservation&) = delete;
    Reservation& operator=(const Reservation&) = delete;
    ~Reservation();

    void mark_sent() noexcept { was_sent_ = true; }
    /// Hands on what the upstream's answer says of limits. Whether it tells of a budget where the service had
    /// none.
    bool hear(const std::vector<BudgetLimit>& limits);

private:
    Leases& leases_;
    LastCalls& last_calls_;
    Agent agent_;
    bool had_budget_;
    bool is_counted_ = false;
    bool was_sent_ = false;
};

}  // namespace egress
