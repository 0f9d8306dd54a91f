#pragma once

#include <functional>

#include "http/exchange.hpp"
#include "mcp/context.hpp"
#include "mcp/hub.hpp"

namespace mcp {

/// Whether the caller may still listen: true, or a base::Error when the credential is no longer live.
using Recheck = std::function<bool()>;

/// What a request to listen may weigh.
inline constexpr std::size_t longest_listen_request = 256 * 1024;

/// Serves subscriptions/listen (2026-07-28, Subscriptions) until the client goes, the process stops or the
/// credential dies. Always an event stream; the first message acknowledges what will be told, the last is the
/// result. Keeps nothing of the parameters but the filter.
void serve_subscription(Context& context, const json& id, json params, http::Exchange& exchange, Hub& hub,
                        const Recheck& recheck);

}  // namespace mcp
