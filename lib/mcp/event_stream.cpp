#include "mcp/event_stream.hpp"

#include <nlohmann/json.hpp>

#include "http/sse.hpp"
#include "schema/json.hpp"

namespace mcp {

void EventStream::open() {
    if (is_open()) return;
    stream_ =
        &exchange_.start_stream(200, {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-cache"}});
}

bool EventStream::send(const nlohmann::json& message, std::string_view id) {
    return send_text(schema::dump(message), id);
}

bool EventStream::send_text(std::string_view data, std::string_view id,
                            std::optional<std::chrono::milliseconds> retry) {
    open();
    const std::string_view event = data.empty() ? "" : "message";
    return stream_->write(http::frame_of({.event = event, .id = id, .retry = retry, .data = data}));
}

bool EventStream::keep_alive() {
    open();
    return stream_->write(http::keep_alive_comment);
}

}  // namespace mcp
