#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "db/database.hpp"

namespace db {

/// Follows NOTIFY channels on a connection of its own, in a thread of its own, and reconnects when it is
/// lost.
class Listener {
public:
    struct Handlers {
        /// A notification arrived. Called from the listener's thread; be quick.
        std::function<void(const std::string& channel, const std::string& payload)> on_notification;
        /// Notifications may have been missed (the connection was lost or is new): forget what was cached.
        std::function<void()> on_gap;
    };

    /// Starts the thread. Connecting is tried for as long as it takes.
    Listener(Database& database, std::vector<std::string> channels, Handlers handlers);
    ~Listener();

    /// Whether notifications are being received now. While false, cached state must not be trusted.
    bool is_up() const noexcept { return up_; }

private:
    void follow();
    void follow_once();

    Database& database_;
    std::vector<std::string> channels_;
    Handlers handlers_;
    std::atomic<bool> up_ = false;
    std::atomic<bool> stopping_ = false;
    int wake_;
    std::thread thread_;
};

}  // namespace db
