#pragma once

#include <functional>

#include "http/exchange.hpp"
#include "mcp/context.hpp"
#include "mcp/hub.hpp"

namespace mcp {

/// Whether the caller may still listen: throws base::Error when the credential is no longer live.
using Recheck = std::function<void()>;

/// Serves subscriptions/listen (2026-07-28, Subscriptions) until the client goes, the process stops or the
/// credential dies. Always an event stream; the first message acknowledges what will be told.
void serve_subscription(Context& context, const json& id, const json& params, http::Exchange& exchange,
                        Hub& hub, const Recheck& recheck);

}  // namespace mcp
