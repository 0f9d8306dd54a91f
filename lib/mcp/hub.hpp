#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "db/listener.hpp"
#include "http/exchange.hpp"

namespace mcp {

/// Wakes what waits in this process for something that happened in any process. PostgreSQL carries the keys
/// (NOTIFY on channel "mcp", the payload is the key; "gatehouse_credential"); what happened stands in rows.
class Hub {
public:
    explicit Hub(db::Database& database);

    /// Receives the keys it asked for, from its construction on. After a gap in the notifications every
    /// mailbox wakes with `missed` set: look at the rows again.
    class Mailbox {
    public:
        explicit Mailbox(Hub& hub);
        Mailbox(Hub& hub, std::vector<std::string> keys);
        ~Mailbox();
        Mailbox(const Mailbox&) = delete;
        Mailbox& operator=(const Mailbox&) = delete;

        void add(std::string key);
        /// Whether the key has arrived; never blocks, and costs no system call.
        bool has(const std::string& key) const;
        /// Empties the mailbox and returns the keys that arrived.
        std::set<std::string> take();

        enum class Woken { message, idle, gone };
        /// Waits until something arrives, the client goes or the process must stop, or the time has passed.
        /// Without an exchange there is no client to go.
        Woken wait(http::Exchange* exchange, std::chrono::milliseconds limit);

    private:
        friend class Hub;
        void put(const std::string& key);

        Hub& hub_;
        int event_;
        mutable std::mutex mutex_;
        std::set<std::string> arrived_;
        std::vector<std::string> keys_;
        std::atomic<bool> has_any_ = false;
    };

    /// What a mailbox receives after a gap.
    static constexpr const char* missed = "";
    /// The key that arrives when any credential changed or was revoked.
    static constexpr const char* credentials = "credentials";

private:
    void deliver(const std::string& key);
    void tell_gap();

    std::mutex mutex_;
    std::multimap<std::string, Mailbox*, std::less<>> waiting_;
    std::set<Mailbox*> mailboxes_;
    db::Listener listener_;
};

}  // namespace mcp
