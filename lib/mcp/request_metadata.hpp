#pragma once

#include "http/request.hpp"
#include "jsonrpc/message.hpp"
#include "mcp/client.hpp"

namespace mcp {

/// Whether a message speaks the stateless revision: its metadata names a protocol version, or its header
/// names one that no `initialize` could have agreed on.
bool is_modern(const http::Request& request, const jsonrpc::Message& message);

/// Reads and checks the metadata of a request (2026-07-28, basic: _meta) against the header
/// MCP-Protocol-Version. Throws MalformedRequest: invalid_params for a missing or misformed member,
/// header_mismatch, unsupported_protocol_version.
Client read_metadata(const http::Request& request, const json& params);

/// The progress token of a request: a string, an integer, or null when it wants no progress.
json progress_token_of(const json& params);

/// Throws MalformedRequest (unsupported_protocol_version).
[[noreturn]] void refuse_version(const std::string& requested);

}  // namespace mcp
