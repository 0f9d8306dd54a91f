#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "http/exchange.hpp"

namespace mcp {

/// A stream that is silent for this long says a comment, so that nobody on the way closes it.
inline constexpr std::chrono::seconds keep_alive_interval{15};

/// An answer as server-sent events, one JSON-RPC message each. Opened by the first event.
class EventStream {
public:
    explicit EventStream(http::Exchange& exchange) : exchange_{exchange} {}

    void open();
    bool is_open() const noexcept { return stream_ != nullptr; }
    /// False when the client has gone.
    bool send(const nlohmann::json& message, std::string_view id = {});
    bool send_text(std::string_view data, std::string_view id = {},
                   std::optional<std::chrono::milliseconds> retry = {});
    bool keep_alive();

private:
    http::Exchange& exchange_;
    http::Stream* stream_ = nullptr;
};

}  // namespace mcp
