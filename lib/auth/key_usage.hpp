#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "auth/principal.hpp"
#include "db/database.hpp"

namespace auth {

/// Records which keys were used, some seconds later and many at once.
class KeyUsage {
public:
    explicit KeyUsage(db::Database& database);
    ~KeyUsage();
    void note(const KeyId& id);

private:
    void record_periodically();
    void record();

    db::Database& database_;
    std::mutex mutex_;
    std::condition_variable stop_requested_;
    std::set<KeyId> used_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace auth
