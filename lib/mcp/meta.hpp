#pragma once

namespace mcp::meta {

/// Reserved members of `_meta` (2026-07-28, basic: General fields).
inline constexpr const char* protocol_version = "io.modelcontextprotocol/protocolVersion";
inline constexpr const char* client_info = "io.modelcontextprotocol/clientInfo";
inline constexpr const char* client_capabilities = "io.modelcontextprotocol/clientCapabilities";
inline constexpr const char* log_level = "io.modelcontextprotocol/logLevel";
inline constexpr const char* server_info = "io.modelcontextprotocol/serverInfo";
inline constexpr const char* subscription_id = "io.modelcontextprotocol/subscriptionId";
inline constexpr const char* progress_token = "progressToken";

/// Ours: the stable code of a tool execution error.
inline constexpr const char* error_code = "gatehouse/code";

}  // namespace mcp::meta
