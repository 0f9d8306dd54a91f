#include "fastcgi/cgi.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace fastcgi {
namespace {

class StandardOutput final : public Output {
public:
    bool write(std::string_view bytes) override {
        while (!bytes.empty()) {
            const auto count = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    bool flush() override { return true; }
    void end() override { close(STDOUT_FILENO); }
    bool is_closed() override {
        pollfd wait{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
        return poll(&wait, 1, 0) > 0 && (wait.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    }
    bool is_stopping() override { return false; }
    int descriptor() override { return -1; }
};

std::size_t read_input(char* buffer, std::size_t size) {
    std::size_t filled = 0;
    while (filled < size) {
        const auto count = read(STDIN_FILENO, buffer + filled, size - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        filled += static_cast<std::size_t>(count);
    }
    return filled;
}

}  // namespace

void answer_cgi(const Responder& responder) {
    const auto announced = content_length(environ);
    auto unread = announced;
    const auto read = [&unread](char* buffer, std::size_t size) {
        const auto count = read_input(buffer, std::min(size, unread));
        unread -= count;
        return count;
    };
    StandardOutput output;
    answer_one(responder, environ, read_body(read, announced), output);
}

}  // namespace fastcgi
