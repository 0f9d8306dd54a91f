#pragma once

#include <chrono>
#include <compare>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "auth/principal.hpp"
#include "vault/service.hpp"

namespace egress {

/// Who calls what.
struct Agent {
    auth::WorkspaceId workspace;
    vault::ServiceId service;
    auth::KeyId credential;
    std::string bucket = {};  ///< in which the call counts besides those of all calls, where it is known

    friend auto operator<=>(const Agent&, const Agent&) = default;
};

/// Calls that PostgreSQL has counted against an upstream's budget ahead of time, for this process to make
/// without asking again. Safe from any thread.
class Leases {
public:
    using Time = std::chrono::steady_clock::time_point;

    struct Lease {
        int calls = 0;
        bool is_counted = false;  ///< each call must be settled, made or not
    };
    struct Unused {
        Agent agent;
        int calls = 0;
    };

    /// Takes one call out of the lease that the agent has: `calls` is then 1, or 0 when there is none.
    Lease take(const Agent& agent, Time now);
    /// A counted lease adds to another.
    void add(const Agent& agent, Lease lease, Time until);
    /// Ends what there is for a service: its upstream has said that it wants no more.
    void end(const auth::WorkspaceId& workspace, const vault::ServiceId& service);
    /// Ends the leases that are over at `now`: their calls that were counted and not made.
    std::vector<Unused> reclaim(Time now);
    bool empty() const;

private:
    struct Held {
        Lease lease;
        Time until;
    };
    mutable std::mutex mutex_;
    std::map<Agent, Held> held_;
};

}  // namespace egress
