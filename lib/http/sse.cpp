#include "http/sse.hpp"

namespace http {
namespace {

constexpr std::string_view line_breaks{"\r\n\0", 3};

void append_line(std::string& frame, std::string_view name, std::string_view value) {
    frame += name;
    frame += ": ";
    frame += value.substr(0, value.find_first_of(line_breaks));
    frame += '\n';
}

void append_data(std::string& frame, std::string_view data) {
    for (;;) {
        const auto end = data.find_first_of("\r\n");
        frame += "data: ";
        frame += data.substr(0, end);
        frame += '\n';
        if (end == std::string_view::npos) return;
        const bool is_crlf = data.substr(end, 2) == "\r\n";
        data.remove_prefix(end + (is_crlf ? 2 : 1));
    }
}

}  // namespace

std::string frame_of(const ServerSentEvent& event) {
    std::string frame;
    frame.reserve(event.data.size() + 64);
    if (!event.event.empty()) append_line(frame, "event", event.event);
    if (!event.id.empty()) append_line(frame, "id", event.id);
    if (event.retry) append_line(frame, "retry", std::to_string(event.retry->count()));
    append_data(frame, event.data);
    frame += '\n';
    return frame;
}

}  // namespace http
