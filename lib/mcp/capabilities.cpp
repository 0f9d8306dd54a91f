#include "mcp/capabilities.hpp"

#include "mcp/error.hpp"
#include "mcp/params.hpp"

namespace mcp {
namespace {

/// The client capability that a request needs, as an object to merge into requiredCapabilities.
json needed_by(const json& input_request, const json& declared) {
    const auto& method = require_string(input_request, "method");
    if (method == "elicitation/create") {
        const json* params = find_object(input_request, "params");
        const std::string* mode = params == nullptr ? nullptr : find_string(*params, "mode");
        if (mode != nullptr && *mode == "url") return {{"elicitation", {{"url", json::object()}}}};
        if (declared.contains("elicitation")) return {{"elicitation", {{"form", json::object()}}}};
        return {{"elicitation", json::object()}};
    }
    if (method == "sampling/createMessage") {
        const json* params = find_object(input_request, "params");
        const bool has_tools =
            params != nullptr && (params->contains("tools") || params->contains("toolChoice"));
        if (has_tools) return {{"sampling", {{"tools", json::object()}}}};
        return {{"sampling", json::object()}};
    }
    return {{"roots", json::object()}};
}

/// A client that names no mode of elicitation has forms, which were all there was at first.
json with_defaults(json capabilities) {
    json* elicitation = find_member(capabilities, "elicitation");
    if (elicitation != nullptr && elicitation->is_object() && elicitation->empty()) {
        (*elicitation)["form"] = json::object();
    }
    return capabilities;
}

bool declares(const json& declared, const json& needed) {
    for (const auto& [name, inner] : needed.items()) {
        const json* member = find_member(declared, name.c_str());
        if (member == nullptr || !member->is_object() || !declares(*member, inner)) return false;
    }
    return true;
}

}  // namespace

json capabilities_of(const Server& server) {
    json capabilities{
        {"tools", json::object()},
        {"prompts", json::object()},
        {"resources", {{"subscribe", true}, {"listChanged", true}}},
        {"completions", json::object()},
        {"logging", json::object()},
    };
    if (server.tools_change) capabilities["tools"]["listChanged"] = true;
    if (server.prompts_change) capabilities["prompts"]["listChanged"] = true;
    return capabilities;
}

json identity_of(const Server& server) {
    json identity{{"name", server.name}, {"version", server.version}};
    if (!server.title.empty()) identity["title"] = server.title;
    return identity;
}

bool can_answer(const Client& client, const std::string& kind) {
    const json* member = find_member(client.capabilities, kind.c_str());
    return member != nullptr && member->is_object();
}

void require_answerable(const Client& client, const json& input_requests) {
    json missing = json::object();
    const json declared = with_defaults(client.capabilities);
    for (const auto& input_request : input_requests) {
        const json needed = needed_by(input_request, declared);
        if (!declares(declared, needed)) missing.merge_patch(needed);
    }
    if (missing.empty()) return;
    throw jsonrpc::Error{is_modern(client.revision) ? missing_client_capability : jsonrpc::invalid_request,
                         "the client does not declare a capability that this request needs",
                         json{{"requiredCapabilities", std::move(missing)}}};
}

}  // namespace mcp
