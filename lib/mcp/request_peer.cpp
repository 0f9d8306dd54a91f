#include "mcp/request_peer.hpp"

#include <cmath>

#include "jsonrpc/message.hpp"
#include "mcp/capabilities.hpp"

namespace mcp {
namespace {

/// Whole numbers are written without a fraction.
json number(double value) {
    if (std::trunc(value) == value && std::fabs(value) < 9e15) return static_cast<std::int64_t>(value);
    return value;
}

}  // namespace

void RequestPeer::progress(double progress, std::optional<double> total, const std::string& message) {
    if (progress_token_.is_null() || !outgoing_.can_send()) return;
    if (last_progress_ && progress <= *last_progress_) return;
    last_progress_ = progress;
    json params{{"progressToken", progress_token_}, {"progress", number(progress)}};
    if (total) params["total"] = number(*total);
    if (!message.empty()) params["message"] = message;
    outgoing_.send(jsonrpc::notification("notifications/progress", std::move(params)));
}

void RequestPeer::log(const std::string& level, const std::string& logger, const json& data) {
    const auto severity = log_level_of(level);
    if (!severity || !client_.log_level || *severity < *client_.log_level || !outgoing_.can_send()) return;
    json params{{"level", level}};
    if (!logger.empty()) params["logger"] = logger;
    params["data"] = data;
    outgoing_.send(jsonrpc::notification("notifications/message", std::move(params)));
}

bool RequestPeer::can_answer(const std::string& kind) const { return mcp::can_answer(client_, kind); }

}  // namespace mcp
