#pragma once

#include "mcp/context.hpp"
#include "mcp/legacy.hpp"
#include "mcp/legacy_response.hpp"

namespace mcp {

/// A method that only the older revisions have.
struct LegacyMethod {
    std::string_view name;
    /// `session` is null without one. Failures: jsonrpc::Error, base::Error.
    json (*run)(Context& context, const LegacySession* session, const json& params);
};

/// ping, logging/setLevel, resources/subscribe, resources/unsubscribe; null for any other name.
const LegacyMethod* find_legacy_method(std::string_view name) noexcept;

/// The resources whose updates a session asked for.
std::vector<std::string> subscribed_uris(db::Session& database, const LegacySession& session);

/// Throws jsonrpc::Error (invalid_request) when the client could not answer the requests, or could not even
/// receive them.
void require_answerable_and_sendable(const Context& context, const LegacyResponse& response,
                                     const json& requests);

/// Whether messages may go before the response.
enum class Delivery { may_stream, whole };

/// One message of a client that is known, not initialize.
http::Response answer_legacy_message(const Service& service, Hub& hub, const Arrival& arrival,
                                     const LegacyClient& known, jsonrpc::Message& message, Delivery delivery);

}  // namespace mcp
