#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bridge/transport.hpp"

namespace bridge {

/// The header fields that Streamable HTTP wants with a message: MCP-Protocol-Version, and for revision
/// 2026-07-28 Mcp-Method and Mcp-Name. `negotiated`: the revision that initialize agreed on; empty before.
Fields fields_of(const nlohmann::json& message, const std::string& negotiated);

}  // namespace bridge
