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
#include "vault/service.hpp"

namespace egress {

/// Remembers what calls told about their credentials, off the calls' way: facts are gathered and written a
/// few times a second, the newest of each service. What a dying process had not written is lost.
class LastCalls {
public:
    explicit LastCalls(db::Database& database);
    ~LastCalls();  ///< writes what is left

    /// Of the credential in the version that was sent: of another it says nothing.
    void note(const auth::WorkspaceId& workspace, const vault::Service& service, vault::LastCall fact);
    /// What the upstream still allows.
    void note(const auth::WorkspaceId& workspace, const vault::ServiceId& service,
              const std::vector<BudgetLimit>& limits);
    /// A call that was reserved has ended.
    void settle(const auth::WorkspaceId& workspace, const vault::ServiceId& service, bool was_sent);

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
    void write(const Facts& facts);

    db::Database& database_;
    std::mutex mutex_;
    std::condition_variable changed_;
    Facts facts_;
    bool is_stopping_ = false;
    std::thread thread_;
};

/// A reserved call, settled however it ends.
class Reservation {
public:
    Reservation(LastCalls& last_calls, const auth::WorkspaceId& workspace, const vault::ServiceId& service,
                bool is_reserved)
        : last_calls_{last_calls}, workspace_{workspace}, service_{service}, is_reserved_{is_reserved} {}
    Reservation(const Reservation&) = delete;
    ~Reservation() {
        if (is_reserved_) last_calls_.settle(workspace_, service_, was_sent_);
    }
    void mark_sent() noexcept { was_sent_ = true; }

private:
    LastCalls& last_calls_;
    auth::WorkspaceId workspace_;
    vault::ServiceId service_;
    bool is_reserved_;
    bool was_sent_ = false;
};

}  // namespace egress
