#pragma once

#include <atomic>
#include <chrono>
#include <vector>

namespace fastcgi {

/// Watches the listening socket and every idle kept connection, and hands each one that has something to
/// read to exactly one of the threads that wait. So an idle connection costs a descriptor and no thread.
/// Every function may be called from any thread.
class Poller {
public:
    explicit Poller(int listener);
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    enum class Kind { connection, nothing, timeout, dismissed };
    struct Event {
        Kind kind;
        int connection = -1;  ///< now the caller's: to be given back with park() or close()
    };

    /// Waits for a new or readable connection. `nothing`: another thread was faster, or nginx closed one.
    Event wait(std::chrono::milliseconds limit);

    /// Gives an idle connection back.
    void park(int connection);
    void close(int connection);
    /// Tells that the caller's connection has been closed by someone else.
    void forget() noexcept { --open_connections_; }

    /// Stops accepting and retires idle connections, now and whenever one is parked. From then on
    /// is_stopping() is true and stop_descriptor() readable.
    void stop();
    /// Closes the connections that are idle; for peers that do not heed the retirement.
    void close_idle();
    /// Every present and later wait() returns `dismissed`.
    void dismiss();

    bool is_stopping() const noexcept { return is_stopping_; }
    int stop_descriptor() const noexcept { return stop_event_; }
    int open_connections() const noexcept { return open_connections_; }

private:
    struct Slot {
        std::atomic<bool> is_parked{false};
        bool is_watched = false;  // belongs to the connection's owner of the moment
    };

    Event accept();
    bool take(int connection);
    void retire(int connection);
    void watch(int connection);
    template <class Action>
    void for_each_idle(Action action);

    int listener_;
    int epoll_;
    int stop_event_;
    int dismissal_event_;
    std::vector<Slot> slots_;  // by descriptor
    std::atomic<int> open_connections_{0};
    std::atomic<bool> is_stopping_{false};
};

}  // namespace fastcgi
