#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "auth/principal.hpp"
#include "db/database.hpp"
#include "egress/budget.hpp"
#include "egress/leases.hpp"
#include "vault/service.hpp"

namespace egress {

/// Remembers what calls told about their credentials, off the calls' way: facts are gathered and written a
/// few times a second, the newest of each service; leases that are over are given back with them. What a
/// dying process had not written is lost.
class LastCalls {
public:
    LastCalls(db::Database& database, Leases& leases);
    ~LastCalls();  ///< writes what is left

    /// Of the credential in the version that was sent: of another it says nothing.
    void note(const auth::WorkspaceId& workspace, const vault::Service& service, vault::LastCall fact);
    /// What the upstream still allows.
    void note(const auth::WorkspaceId& workspace, const vault::ServiceId& service,
              const std::vector<BudgetLimit>& limits);
    /// A call that was counted has ended.
    void settle(const Agent& agent, bool was_sent);

private:
    using Key = std::pair<auth::WorkspaceId, vault::ServiceId>;
    struct Told {
        std::optional<vault::LastCall> fact;
        std::int64_t version = 0;
        Settlement settlement;
    };
    using Facts = std::map<Key, Told>;

    template <class Change>
    void change(const auth::WorkspaceId& workspace, const vault::ServiceId& service, Change change);
    void work();
    void wait(std::unique_lock<std::mutex>& lock);
    void give_back_leases(Leases::Time now);
    void write(const Facts& facts);

    db::Database& database_;
    Leases& leases_;
    std::mutex mutex_;
    std::condition_variable changed_;
    Facts facts_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace egress
