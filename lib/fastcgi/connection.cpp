#include "fastcgi/connection.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <utility>

namespace fastcgi {
namespace {

constexpr int no_listener = -1;  // libfcgi then fails where it would block in accept

}  // namespace

Connection::Connection(Poller& poller) : poller_{poller} { FCGX_InitRequest(&request_, no_listener, 0); }

Connection::~Connection() { forget_watch(); }

bool Connection::begin(int descriptor) {
    request_.ipcFd = descriptor;
    request_.keepConnection = 1;  // or FCGX_Accept_r closes it as its first act
    if (FCGX_Accept_r(&request_) != 0) {
        poller_.forget();
        return false;
    }
    is_kept_ = request_.keepConnection != 0;
    request_.keepConnection = 1;  // libfcgi leaves the descriptor open, end() decides
    return true;
}

Body Connection::read_body() {
    const auto read = [this](char* buffer, std::size_t size) {
        const int wish = static_cast<int>(std::min<std::size_t>(size, INT_MAX));
        return static_cast<std::size_t>(std::max(FCGX_GetStr(buffer, wish, request_.in), 0));
    };
    auto body = fastcgi::read_body(read, std::min(content_length(parameters()), max_body_size));
    if (!body.is_drained) is_kept_ = false;
    return body;
}

bool Connection::write(std::string_view bytes) {
    if (request_.out == nullptr) return false;
    while (!bytes.empty()) {
        const auto count = std::min<std::size_t>(bytes.size(), INT_MAX);
        if (FCGX_PutStr(bytes.data(), static_cast<int>(count), request_.out) < 0) return false;
        bytes.remove_prefix(count);
    }
    return true;
}

bool Connection::flush() { return request_.out != nullptr && FCGX_FFlush(request_.out) == 0; }

void Connection::end() {
    if (request_.out == nullptr) return;
    forget_watch();
    FCGX_Finish_r(&request_);
    const int descriptor = std::exchange(request_.ipcFd, -1);
    if (descriptor < 0) {
        poller_.forget();
    } else if (is_kept_) {
        poller_.park(descriptor);
    } else {
        poller_.close(descriptor);
    }
}

bool Connection::is_closed() {
    if (request_.ipcFd < 0) return true;
    pollfd wait{.fd = request_.ipcFd, .events = POLLRDHUP, .revents = 0};
    return ::poll(&wait, 1, 0) > 0;
}

int Connection::descriptor() {
    if (request_.ipcFd < 0 || watch_ >= 0) return watch_;
    watch_ = epoll_create1(EPOLL_CLOEXEC);
    epoll_event gone{.events = EPOLLRDHUP, .data = {.fd = request_.ipcFd}};
    epoll_event stop{.events = EPOLLIN, .data = {.fd = poller_.stop_descriptor()}};
    epoll_ctl(watch_, EPOLL_CTL_ADD, request_.ipcFd, &gone);
    epoll_ctl(watch_, EPOLL_CTL_ADD, poller_.stop_descriptor(), &stop);
    return watch_;
}

void Connection::forget_watch() {
    if (watch_ >= 0) close(std::exchange(watch_, -1));
}

}  // namespace fastcgi
