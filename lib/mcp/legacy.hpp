#pragma once

#include "mcp/legacy_session.hpp"
#include "mcp/modern.hpp"
#include "mcp/stream_quota.hpp"

namespace mcp {

/// The older revisions, adapted to the stateless model in one place: everything named legacy.
/// All throw base::Error (insufficient_scope; unavailable) for the endpoint to render.

/// Answers one posted message.
http::Response answer_legacy(const Service& service, Hub& hub, const Arrival& arrival,
                             jsonrpc::Message message);

/// Answers a batch, which 2025-03-26 alone has.
http::Response answer_legacy_batch(const Service& service, Hub& hub, const Arrival& arrival, json batch);

/// Serves GET: changes and, behind Last-Event-ID, the rest of an interrupted stream.
http::Response serve_legacy_stream(const Service& service, Hub& hub, StreamQuota& quota,
                                   const Arrival& arrival);

/// Answers DELETE.
http::Response end_legacy_session(const Service& service, const Arrival& arrival);

/// The session and client of a request of the older revisions.
struct LegacyClient {
    std::optional<LegacySession> session;
    Client client;

    const LegacySession* session_pointer() const { return session ? &*session : nullptr; }
};

/// Reads Mcp-Session-Id and MCP-Protocol-Version. A request without a session is served as one of a client
/// without capabilities. Throws base::Error (not_found, "session_not_found") for a session that has ended or
/// is not this principal's, MalformedRequest for an unsupported revision.
LegacyClient read_legacy_client(const Service& service, db::Session& database, const Arrival& arrival);

}  // namespace mcp
