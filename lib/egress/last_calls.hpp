#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "auth/principal.hpp"
#include "db/database.hpp"
#include "vault/service.hpp"

namespace egress {

/// Remembers what calls told about their credentials, off the calls' way: facts are gathered and written a
/// few times a second, the newest of each service. What a dying process had not written is lost.
class LastCalls {
public:
    explicit LastCalls(db::Database& database);
    ~LastCalls();  ///< writes what is left

    void note(const auth::WorkspaceId& workspace, const vault::ServiceId& service, vault::LastCall fact);

private:
    using Key = std::pair<auth::WorkspaceId, vault::ServiceId>;
    using Facts = std::map<Key, vault::LastCall>;

    void work();
    void write(const Facts& facts);

    db::Database& database_;
    std::mutex mutex_;
    std::condition_variable changed_;
    Facts facts_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace egress
