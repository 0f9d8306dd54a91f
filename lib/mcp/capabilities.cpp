#include "mcp/capabilities.hpp"

#include "mcp/error.hpp"
#include "mcp/params.hpp"

namespace mcp {
namespace {

/// The client capability that a request needs, as an object to merge into requiredCapabilities.
json needed_by(const json& input_request) {
    const auto& method = require_string(input_request, "method");
    if (method == "elicitation/create") {
        const json* params = find_object(input_request, "params");
        const std::string* mode = params == nullptr ? nullptr : find_string(*params, "mode");
        if (mode != nullptr && *mode == "url") return {{"elicitation", {{"url", json::object()}}}};
        return {{"elicitation", json::object()}};
    }
    if (method == "sampling/createMessage") return {{"sampling", json::object()}};
    return {{"roots", json::object()}};
}

bool declares(const json& declared, const json& needed) {
    for (const auto& [name, inner] : needed.items()) {
        const json* member = find_member(declared, name.c_str());
        if (member == nullptr || !member->is_object() || !declares(*member, inner)) return false;
    }
    return true;
}

}  // namespace

json capabilities_of(const Server& server, Revision revision) {
    json capabilities{
        {"tools", json::object()},
        {"prompts", json::object()},
        {"resources", {{"subscribe", true}, {"listChanged", true}}},
        {"completions", json::object()},
        {"logging", json::object()},
    };
    if (server.tools_change) capabilities["tools"]["listChanged"] = true;
    if (server.prompts_change) capabilities["prompts"]["listChanged"] = true;
    static_cast<void>(revision);
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
    for (const auto& input_request : input_requests) {
        const json needed = needed_by(input_request);
        if (!declares(client.capabilities, needed)) missing.update(needed);
    }
    if (missing.empty()) return;
    throw jsonrpc::Error{is_modern(client.revision) ? missing_client_capability : jsonrpc::invalid_request,
                         "the client does not declare a capability that this request needs",
                         json{{"requiredCapabilities", std::move(missing)}}};
}

}  // namespace mcp
