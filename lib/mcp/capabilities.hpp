#pragma once

#include "mcp/client.hpp"
#include "mcp/server.hpp"

namespace mcp {

/// What the server declares, in every revision.
json capabilities_of(const Server& server);
/// The server's Implementation object.
json identity_of(const Server& server);

/// Whether the client declared that it answers requests of this kind: "elicitation", "sampling", "roots".
bool can_answer(const Client& client, const std::string& kind);

/// Throws jsonrpc::Error (missing_client_capability; invalid_request in the older revisions) when one of the
/// input requests is of a kind that the client did not declare.
void require_answerable(const Client& client, const json& input_requests);

}  // namespace mcp
