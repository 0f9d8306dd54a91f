#include "fastcgi/server.hpp"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "base/log.hpp"

namespace fastcgi {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int max_threads = 512;
constexpr auto idle_limit = 10s;
constexpr auto retirement_limit = 2s;
constexpr auto stop_limit = 150s;  // a call may take two minutes

#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t stack_size = std::size_t{4} << 20;
#else
constexpr std::size_t stack_size = std::size_t{512} << 10;
#endif

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

bool start_thread(void* (*function)(void*), void* argument) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack_size);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    const bool is_started = pthread_create(&thread, &attributes, function, argument) == 0;
    pthread_attr_destroy(&attributes);
    return is_started;
}

}  // namespace

void block_stop_signals() {
    const auto set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Server::Server(int listener, Responder responder)
    : poller_{listener},
      responder_{std::move(responder)},
      turns_{static_cast<int>(std::thread::hardware_concurrency()), [this] { return grow(); }} {
    FCGX_Init();
}

bool Server::serve() {
    turns_.begin();
    const auto set = stop_signals();
    int signal = 0;
    sigwait(&set, &signal);
    return finish_requests();
}

bool Server::grow() {
    const std::lock_guard lock{mutex_};
    if (threads_ == max_threads) return false;
    if (start_thread(&Server::work, this)) {
        ++threads_;
        return true;
    }
    base::log(base::Severity::warning, "thread_not_started");
    return false;
}

void* Server::work(void* server) {
    auto& self = *static_cast<Server*>(server);
    self.work();
    const std::lock_guard lock{self.mutex_};
    if (--self.threads_ == Turns::least_threads) malloc_trim(0);  // a burst is over
    self.ended_.notify_all();
    return nullptr;
}

void Server::work() {
    base::observe_waits(&turns_);
    Connection connection{poller_};
    for (;;) {
        const auto event = poller_.wait(idle_limit);
        if (event.kind == Poller::Kind::dismissed) return turns_.leave();
        if (event.kind == Poller::Kind::timeout && turns_.leave_if_spare()) return;
        if (event.kind != Poller::Kind::connection) continue;
        ++busy_;
        turns_.take();
        if (connection.begin(event.connection)) answer(connection);
        --busy_;
        if (!turns_.finish()) return;
    }
}

void Server::answer(Connection& connection) {
    answer_one(responder_, connection.parameters(), connection.read_body(), connection);
    connection.end();
}

bool Server::finish_requests() {
    base::log(base::Severity::info, "stopping");
    const auto start = Clock::now();
    poller_.stop();
    while (poller_.open_connections() > 0 || busy_ > 0) {
        if (Clock::now() - start > stop_limit) break;
        if (Clock::now() - start > retirement_limit) poller_.close_idle();
        std::this_thread::sleep_for(5ms);
    }
    poller_.dismiss();
    turns_.dismiss();
    std::unique_lock lock{mutex_};
    return ended_.wait_until(lock, start + stop_limit + 1s, [this] { return threads_ == 0; });
}

}  // namespace fastcgi
