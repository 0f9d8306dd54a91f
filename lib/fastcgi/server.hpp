#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "fastcgi/answer.hpp"
#include "fastcgi/connection.hpp"
#include "fastcgi/poller.hpp"
#include "fastcgi/turns.hpp"

namespace fastcgi {

/// Threads that take requests from one poller, by turns.
class Server {
public:
    Server(int listener, Responder responder);

    /// Serves until SIGTERM or SIGINT, which the caller has blocked in every thread. True when every
    /// request was finished; false when the time for it ran out and threads are still at work.
    bool serve();

private:
    bool grow();
    static void* work(void* server);
    void work();
    void answer(Connection& connection);
    bool finish_requests();

    Poller poller_;
    Responder responder_;
    Turns turns_;
    std::atomic<int> busy_{0};
    std::mutex mutex_;
    std::condition_variable ended_;
    int threads_ = 0;
};

/// Blocks the signals that stop a process, for every thread started afterwards.
void block_stop_signals();

}  // namespace fastcgi
