#pragma once

#include "base/error.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "jsonrpc/message.hpp"
#include "mcp/revision.hpp"

namespace mcp {

/// Codes that MCP adds to those of JSON-RPC (2026-07-28, basic: Error Codes).
inline constexpr int header_mismatch = -32020;
inline constexpr int missing_client_capability = -32021;
inline constexpr int unsupported_protocol_version = -32022;
/// 2025-11-25 and earlier; later revisions say invalid_params.
inline constexpr int legacy_resource_not_found = -32002;

/// A request so wrong that its HTTP status says so too: 400 in every revision.
class MalformedRequest : public jsonrpc::Error {
public:
    using jsonrpc::Error::Error;
};

/// Throws jsonrpc::Error (invalid_params).
[[noreturn]] void refuse_params(const std::string& message);

/// The JSON-RPC error that a failure outside a tool is. Its data carries the stable code.
jsonrpc::Error protocol_error_of(const base::Error& error);

/// The status of an answer that holds this error.
int status_of(const jsonrpc::Error& error, Revision revision) noexcept;
int status_of(const base::Error& error) noexcept;

/// An answer that holds nothing but an error. `id` is null when no request could be read: then it is left
/// out, as the revisions from 2025-11-25 on have it, and null in those before.
http::Response error_answer(int status, const jsonrpc::Error& error, jsonrpc::json id = nullptr,
                            Revision revision = Revision::r2026_07_28);

/// What the request says it speaks; the newest revision when it does not say.
Revision spoken_in(const http::Request& request) noexcept;

/// How this endpoint spells a failure that left it as an exception.
http::Response render_error(const base::Error& error);
http::Response render_error(const base::Error& error, jsonrpc::json id, Revision revision);

}  // namespace mcp
