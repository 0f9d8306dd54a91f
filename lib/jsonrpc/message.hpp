#pragma once

#include <string>
#include <string_view>

#include "jsonrpc/error.hpp"

namespace jsonrpc {

/// One JSON-RPC 2.0 message, checked. Members that the kind does not have are null or empty.
struct Message {
    enum class Kind { request, notification, response };

    Kind kind = Kind::request;
    json id = nullptr;  ///< a string or an integer; null in a notification
    std::string method;
    json params = json::object();  ///< always an object: MCP has no positional parameters
    json result = nullptr;         ///< of a response that succeeded
    json error = nullptr;          ///< {code, message, data?} of a response that failed
};

/// The JSON value of a body. Throws Error (parse_error) for anything that is not one well-formed JSON value;
/// one with duplicate names or nested too deeply is an Error (invalid_request).
json parse(std::string_view body);

/// Whether the value is a batch (JSON-RPC 2.0 section 6), which only some users of the protocol accept.
bool is_batch(const json& value);

/// Reads a message out of the value, which is consumed. Throws Error (invalid_request).
Message read_message(json&& value);

/// The id of something that may not be a valid message, for the error that answers it; null if it has none.
json id_of(const json& value);

json request(json id, std::string_view method, json params);
json notification(std::string_view method, json params);
json result_response(json id, json result);
/// As result_response, as text, from a result that is JSON text already.
std::string written_response(const json& id, std::string_view result);
json error_response(json id, const Error& error);

}  // namespace jsonrpc
