#pragma once

#include "mcp/context.hpp"
#include "mcp/legacy_response.hpp"

namespace mcp {

/// Requests from the server to the client, as the older revisions have them: sent on the stream of the call,
/// answered by a POST of their own that any process may take. An id cannot be guessed and belongs to one
/// credential.
///
/// Sends all of `requests` ({key: {method, params}}) and waits for the answers: {key: result}.
/// Throws base::Error: unavailable "input_timeout" after ten minutes, "input_cancelled" when the call was
/// cancelled or nobody can read the stream, "restarting" when this process must stop; invalid_input
/// "input_refused" when the client answered with an error.
json ask_client(Context& context, LegacyResponse& response, const json& requests);

/// Takes an answer that the client posted. False when it answers nothing that is asked.
bool take_answer(db::Session& database, const Seals& seals, const auth::Principal& principal,
                 const jsonrpc::Message& answer);

}  // namespace mcp
