#pragma once

#include "jsonrpc/message.hpp"
#include "mcp/stream_quota.hpp"
#include "mcp/subscriptions.hpp"

namespace mcp {

/// One HTTP request that reached the endpoint, with its caller known.
struct Arrival {
    http::Request& request;
    http::Exchange& exchange;
    const auth::Principal& principal;
    const Recheck& recheck;
};

/// Answers one message of the stateless revision. Failures of the request itself become JSON-RPC errors in
/// the answer; thrown is base::Error (insufficient_scope), which the endpoint challenges.
http::Response answer_modern(const Service& service, Hub& hub, StreamQuota& quota, const Arrival& arrival,
                             jsonrpc::Message message);

}  // namespace mcp
