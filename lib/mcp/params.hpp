#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace mcp {

using json = nlohmann::json;

/// Checked access to the parameters of a request. A misfit is a jsonrpc::Error (invalid_params) that names
/// the member.
const json* find_member(const json& object, const char* name);
json* find_member(json& object, const char* name);
const std::string& require_string(const json& object, const char* name);
const json& require_object(const json& object, const char* name);
/// Null when absent.
const std::string* find_string(const json& object, const char* name);
const json* find_object(const json& object, const char* name);
/// Takes the member out of the object; an empty object when it is absent.
json take_object(json& object, const char* name);

}  // namespace mcp
