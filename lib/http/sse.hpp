#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace http {

/// One server-sent event (HTML standard, section 9.2). Empty parts are left out, data is always written.
struct ServerSentEvent {
    std::string_view event;  ///< must not hold a line break
    std::string_view id;     ///< must not hold a line break or NUL
    std::optional<std::chrono::milliseconds> retry;
    std::string_view data;  ///< each line, ended by LF, CR or CRLF, becomes a data line of its own
};

/// The frame on the wire. A line break in `event` or `id` ends them there: it cannot start another field.
std::string frame_of(const ServerSentEvent& event);

/// A comment that clients ignore and that keeps the connection alive.
inline constexpr std::string_view keep_alive_comment = ":\n\n";

}  // namespace http
