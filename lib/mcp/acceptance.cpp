#include "mcp/acceptance.hpp"

#include "http/media_type.hpp"

namespace mcp {

Acceptance acceptance_of(const http::Request& request) noexcept {
    const auto accept = request.field("accept");
    Acceptance acceptance{.json = http::accepts(accept, "application/json"),
                          .stream = http::names(accept, "text/event-stream"),
                          .stream_first = false};
    acceptance.stream_first = acceptance.stream && (!acceptance.json || accept.find("text/event-stream") <
                                                                            accept.find("application/json"));
    return acceptance;
}

}  // namespace mcp
