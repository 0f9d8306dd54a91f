#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bridge/transport.hpp"

namespace bridge {

/// The header fields that Streamable HTTP wants with a message: MCP-Protocol-Version, and for revision
/// 2026-07-28 Mcp-Method and Mcp-Name. `negotiated`: the revision that initialize agreed on; empty before.
Fields fields_of(const nlohmann::json& message, const std::string& negotiated);

/// How a field carries a text: as it is, or wrapped as =?base64?...?= where it could not.
std::string header_value(const std::string& value);

bool has_method(const nlohmann::json& message, const char* method);
bool is_request(const nlohmann::json& message);
/// Whether the message carries the metadata of the stateless revision.
bool is_modern(const nlohmann::json& message);

}  // namespace bridge
