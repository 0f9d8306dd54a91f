#include "fastcgi/poller.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <thread>

#include "base/error.hpp"

namespace fastcgi {
namespace {

constexpr rlim_t max_descriptors = 4096;

std::size_t allow_descriptors() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min(limit.rlim_max, max_descriptors);
    setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

int require(int descriptor) {
    if (descriptor < 0)
        throw base::Error{base::Reason::internal, "startup_failed", "cannot create an event descriptor"};
    return descriptor;
}

void add(int epoll, int descriptor, std::uint32_t events) {
    epoll_event event{.events = events, .data = {.fd = descriptor}};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        throw base::Error{base::Reason::internal, "startup_failed", "cannot watch a descriptor"};
}

void raise(int event) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(event, &one, sizeof one);
}

}  // namespace

Poller::Poller(int listener)
    : listener_{listener},
      epoll_{require(epoll_create1(EPOLL_CLOEXEC))},
      stop_event_{require(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))},
      dismissal_event_{require(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))},
      slots_(allow_descriptors()) {
    add(epoll_, listener_, EPOLLIN | EPOLLEXCLUSIVE);  // of several processes one wakes
    add(epoll_, dismissal_event_, EPOLLIN);
}

Poller::~Poller() {
    for (const int descriptor : {epoll_, stop_event_, dismissal_event_}) ::close(descriptor);
}

Poller::Event Poller::wait(std::chrono::milliseconds limit) {
    epoll_event event{};
    if (epoll_wait(epoll_, &event, 1, static_cast<int>(limit.count())) <= 0) return {Kind::timeout};
    const int descriptor = event.data.fd;
    if (descriptor == dismissal_event_) return {Kind::dismissed};
    if (descriptor == listener_) return accept();
    if (!take(descriptor)) return {Kind::nothing};
    if ((event.events & (EPOLLHUP | EPOLLERR)) == 0) return {Kind::connection, descriptor};
    close(descriptor);
    return {Kind::nothing};
}

Poller::Event Poller::accept() {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});  // the socket stays readable
        return {Kind::nothing};
    }
    ++open_connections_;
    slots_[static_cast<std::size_t>(connection)].is_watched = false;
    return {Kind::connection, connection};
}

bool Poller::take(int connection) {
    return slots_[static_cast<std::size_t>(connection)].is_parked.exchange(false);
}

void Poller::park(int connection) {
    const bool is_retired = is_stopping_;
    if (is_retired) retire(connection);
    watch(connection);
    // stop() may have looked for idle connections just before this one became idle.
    if (!is_retired && is_stopping_ && take(connection)) park(connection);
}

void Poller::watch(int connection) {
    auto& slot = slots_[static_cast<std::size_t>(connection)];
    const int operation = slot.is_watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    slot.is_watched = true;
    slot.is_parked = true;
    epoll_event event{.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data = {.fd = connection}};
    if (epoll_ctl(epoll_, operation, connection, &event) != 0 && operation == EPOLL_CTL_ADD &&
        take(connection))
        close(connection);
}

// A kept connection may be in use by nginx at the very moment it looks idle here, and a POST that is sent
// into a closing connection is lost. So it is not closed but asked for: an empty STDERR record makes nginx
// close a connection that it holds idle (anything readable does), and is skipped as part of the answer if
// nginx has just sent a request.
void Poller::retire(int connection) {
    static constexpr unsigned char empty_stderr_record[] = {1, 7, 0, 1, 0, 0, 0, 0};
    [[maybe_unused]] const auto sent =
        send(connection, empty_stderr_record, sizeof empty_stderr_record, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void Poller::close(int connection) {
    ::close(connection);
    forget();
}

template <class Action>
void Poller::for_each_idle(Action action) {
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (take(static_cast<int>(i))) action(static_cast<int>(i));
}

void Poller::stop() {
    epoll_ctl(epoll_, EPOLL_CTL_DEL, listener_, nullptr);
    is_stopping_ = true;
    raise(stop_event_);
    for_each_idle([this](int connection) { park(connection); });
}

void Poller::close_idle() {
    for_each_idle([this](int connection) { close(connection); });
}

void Poller::dismiss() { raise(dismissal_event_); }

}  // namespace fastcgi
