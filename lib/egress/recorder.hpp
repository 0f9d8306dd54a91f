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

/// Records what calls leave behind, off the calls' way and a few times a second: the newest fact about each
/// service's credential, what its upstream still allows, and leases that are over, which it gives back. What
/// a dying process had not written is lost.
class Recorder {
public:
    Recorder(db::Database& database, Leases& leases);
    ~Recorder();  ///< writes what is left

    /// Of the credential in the version that was sent: of another it says nothing.
    void note(const auth::WorkspaceId& workspace, const vault::Service& service, vault::LastCall fact);
    /// What the upstream still allows, as it said to a call of the agent.
    void note(const Agent& agent, const std::vector<BudgetLimit>& limits);
    /// A call that was counted has ended.
    void settle(const Agent& agent, bool was_sent);

private:
    using Key = std::pair<auth::WorkspaceId, vault::ServiceId>;
    struct Told {
        std::optional<vault::LastCall> fact;
        std::int64_t version = 0;
        std::map<std::string, Settlement> settlements;  ///< by the calls' bucket
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
