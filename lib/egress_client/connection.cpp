#include "egress_client/connection.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/wait.hpp"

namespace egress_client {
namespace {

constexpr std::size_t answer_limit = 64 * 1024 * 1024;
constexpr std::size_t line_limit = 16 * 1024;
constexpr int cancellation_interval_ms = 100;
constexpr std::chrono::seconds idle_limit{30};

[[noreturn]] void fail(const char* detail) {
    throw base::Error{base::Reason::unavailable, "egress_unavailable",
                      "the egress handler did not answer; whether the call was made is unknown", detail};
}

[[noreturn]] void fail_to_connect(const char* detail) {
    throw base::Error{base::Reason::unavailable, "egress_unreachable",
                      "the egress handler cannot be reached; nothing was sent", detail};
}

std::optional<std::size_t> number_of(std::string_view text, int base) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc{} || end != text.data() + text.size() || number > answer_limit)
        return std::nullopt;
    return number;
}

std::string lower(std::string_view text) {
    std::string copy{text};
    for (auto& c : copy) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return copy;
}

struct Head {
    int status = 0;
    std::optional<std::size_t> length;
    bool is_chunked = false;
    bool keeps_open = true;

    void take_status(std::string_view line) {
        const auto number = line.starts_with("HTTP/1.1 ") ? number_of(line.substr(9, 3), 10) : std::nullopt;
        if (!number) fail("the status line is no HTTP/1.1");
        status = static_cast<int>(*number);
    }

    void take_field(std::string_view line) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) fail("a header line has no colon");
        const auto name = lower(line.substr(0, colon));
        auto value = lower(line.substr(colon + 1));
        value.erase(0, value.find_first_not_of(' '));
        if (name == "content-length") {
            length = number_of(value, 10);
            if (!length) fail("Content-Length is no number");
        } else if (name == "transfer-encoding") {
            is_chunked = value == "chunked";
        } else if (name == "connection") {
            keeps_open = value != "close";
        }
    }
};

}  // namespace

Connection::Connection(const std::filesystem::path& socket) : last_used_{std::chrono::steady_clock::now()} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto& path = socket.native();
    if (path.empty() || path.size() >= sizeof address.sun_path)
        fail_to_connect("internal.socket is no usable path");
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    descriptor_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor_ < 0) fail_to_connect("no socket");
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const int error = errno;
        ::close(std::exchange(descriptor_, -1));
        fail_to_connect(std::strerror(error));
    }
}

Connection::Connection(Connection&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)},
      last_used_{other.last_used_},
      received_{std::move(other.received_)} {}

Connection& Connection::operator=(Connection&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(last_used_, other.last_used_);
    std::swap(received_, other.received_);
    return *this;
}

Connection::~Connection() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

bool Connection::is_fresh() const {
    pollfd waiting{descriptor_, POLLIN | POLLRDHUP, 0};
    return received_.empty() && std::chrono::steady_clock::now() - last_used_ < idle_limit &&
           ::poll(&waiting, 1, 0) == 0;
}

void Connection::await(short events, const Wait& wait) const {
    const base::Wait blocked;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            wait.deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) fail("time is up");
        pollfd waiting{descriptor_, events, 0};
        const auto time = std::min<std::int64_t>(left.count(), cancellation_interval_ms);
        const int ready = ::poll(&waiting, 1, static_cast<int>(time));
        if (ready > 0) return;
        if (ready < 0 && errno != EINTR) fail(std::strerror(errno));
        if (wait.is_cancelled && wait.is_cancelled())
            throw base::Error{base::Reason::unavailable, "cancelled", "the call was cancelled"};
    }
}

void Connection::send_all(std::string_view bytes, const Wait& wait) {
    while (!bytes.empty()) {
        const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            await(POLLOUT, wait);
        } else if (errno != EINTR) {
            return;  // it may have answered before it closed, with 413 for one
        }
    }
}

void Connection::receive_more(const Wait& wait) {
    if (received_.size() > answer_limit) fail("the answer is too long");
    char piece[65536];
    for (;;) {
        const auto size = ::recv(descriptor_, piece, sizeof piece, 0);
        if (size > 0) {
            received_.append(piece, static_cast<std::size_t>(size));
            return;
        }
        if (size == 0) fail("the connection was closed");
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            await(POLLIN, wait);
        else if (errno != EINTR)
            fail(std::strerror(errno));
    }
}

std::string Connection::take_line(const Wait& wait) {
    std::size_t end;
    while ((end = received_.find("\r\n")) == std::string::npos) {
        if (received_.size() > line_limit) fail("a line is too long");
        receive_more(wait);
    }
    auto line = received_.substr(0, end);
    received_.erase(0, end + 2);
    return line;
}

std::string Connection::take_bytes(std::size_t size, const Wait& wait) {
    while (received_.size() < size) receive_more(wait);
    if (received_.size() == size) return std::exchange(received_, {});
    auto bytes = received_.substr(0, size);
    received_.erase(0, size);
    return bytes;
}

std::string Connection::take_chunks(const Wait& wait) {
    std::string body;
    for (;;) {
        const auto size = number_of(take_line(wait), 16);
        if (!size || body.size() > answer_limit) fail("a chunk has no usable size");
        body += take_bytes(*size, wait);
        if (!take_line(wait).empty()) fail("a chunk is longer than it says");
        if (*size == 0) return body;
    }
}

Answer Connection::post(std::string_view path, std::string_view body, Time deadline,
                        const IsCancelled& is_cancelled) {
    const Wait wait{deadline, is_cancelled};
    auto request =
        "POST " + std::string{path} +
        " HTTP/1.1\r\nHost: gatehouse.internal\r\nContent-Type: application/json\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n";
    request += body;
    send_all(request, wait);

    Head head;
    head.take_status(take_line(wait));
    for (auto line = take_line(wait); !line.empty(); line = take_line(wait)) head.take_field(line);
    Answer answer{.status = head.status, .body = {}, .keeps_open = head.keeps_open};
    if (head.is_chunked)
        answer.body = take_chunks(wait);
    else if (head.length)
        answer.body = take_bytes(*head.length, wait);
    else
        fail("the answer has no length");
    last_used_ = std::chrono::steady_clock::now();
    return answer;
}

}  // namespace egress_client
