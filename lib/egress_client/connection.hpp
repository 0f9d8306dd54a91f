#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace egress_client {

struct Answer {
    int status = 0;
    std::string body;
    bool keeps_open = false;
};

/// One HTTP/1.1 connection over a unix socket, for one request at a time. As strict as a client of our own
/// nginx may be: whatever is not understood ends the connection.
///
/// Failures throw base::Error (unavailable, "egress_unavailable" or "cancelled").
class Connection {
public:
    using Time = std::chrono::steady_clock::time_point;
    using IsCancelled = std::function<bool()>;

    explicit Connection(const std::filesystem::path& socket);
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&& other) noexcept;
    ~Connection();

    /// Whether the other side has neither closed the idle connection nor sent something unasked.
    bool is_fresh() const;

    Answer post(std::string_view path, std::string_view body, Time deadline, const IsCancelled& is_cancelled);

private:
    struct Wait {
        Time deadline;
        const IsCancelled& is_cancelled;
    };

    void await(short events, const Wait& wait) const;
    void send_all(std::string_view bytes, const Wait& wait);
    void receive_more(const Wait& wait);
    std::string take_line(const Wait& wait);
    std::string take_bytes(std::size_t size, const Wait& wait);
    std::string take_chunks(const Wait& wait);

    int descriptor_ = -1;
    Time last_used_;
    std::string received_;
};

}  // namespace egress_client
