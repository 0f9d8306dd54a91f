#pragma once

#include "mcp/context.hpp"
#include "mcp/legacy_session.hpp"

namespace mcp {

/// What `initialize` agreed on. A pure function of the request: the session is its own id.
struct Initialization {
    LegacySession session;
    json result;
};

/// The revision asked for if it is spoken here, else the newest that begins with initialize.
/// Throws jsonrpc::Error (invalid_params).
Initialization initialize(const Server& server, const json& params);

}  // namespace mcp
