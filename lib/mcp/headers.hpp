#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/request.hpp"
#include "jsonrpc/message.hpp"

namespace mcp {

/// Checks Mcp-Method and Mcp-Name against the body (2026-07-28, Streamable HTTP: Server Validation), so that
/// whoever routed or limited by them saw the truth. Throws MalformedRequest (header_mismatch).
void check_standard_headers(const http::Request& request, const jsonrpc::Message& message);

/// Checks Mcp-Param-* against the arguments of a tool call, for the properties that the input schema
/// annotates with x-mcp-header. Throws MalformedRequest (header_mismatch).
void check_parameter_headers(const http::Request& request, const nlohmann::json& input_schema,
                             const nlohmann::json& arguments);

/// The value of a header that may be wrapped as =?base64?...?=. Nothing when the wrapped text is no base64.
std::optional<std::string> decode_header_value(std::string_view value);

}  // namespace mcp
