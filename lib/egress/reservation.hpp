#pragma once

#include "egress/leases.hpp"
#include "egress/opened_service.hpp"
#include "egress/recorder.hpp"

namespace egress {

/// One call that the upstream's budget has room for; settled however it ends.
class Reservation {
public:
    /// `bucket`: in which the call counts, where it is known. Throws base::Error as lease_budgets.
    Reservation(db::Database& database, Leases& leases, Recorder& recorder, const Caller& caller,
                const OpenedService& opened, std::string bucket);
    Reservation(const Reservation&) = delete;
    Reservation& operator=(const Reservation&) = delete;
    ~Reservation();

    void mark_sent() noexcept { was_sent_ = true; }
    /// Hands on what the upstream's answer says of limits. Whether it tells of a budget where the service had
    /// none.
    bool hear(const std::vector<BudgetLimit>& limits);

private:
    Leases& leases_;
    Recorder& recorder_;
    Agent agent_;
    bool had_budget_;
    bool is_counted_ = false;
    bool was_sent_ = false;
};

}  // namespace egress
