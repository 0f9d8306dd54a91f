#include <algorithm>

#include "auth/authenticator.hpp"
#include "mcp/error.hpp"
#include "mcp/methods.hpp"
#include "mcp/pagination.hpp"
#include "mcp/params.hpp"

namespace mcp {

Reply list_resources(Context& context, json& params) {
    auth::require_scope(context.principal, auth::Scope::mcp_read);
    const auto& list = context.service.server.resources.list;
    json items = list ? list(context.call) : json::array();
    std::sort(items.begin(), items.end(),
              [](const json& one, const json& other) { return one["uri"] < other["uri"]; });
    return page_of(context, params, "resources", std::move(items), "uri", Order::by_key);
}

Reply list_resource_templates(Context& context, json& params) {
    return page_of(context, params, "resourceTemplates", context.service.server.resources.templates,
                   "uriTemplate");
}

Reply read_resource(Context& context, json& params) {
    auth::require_scope(context.principal, auth::Scope::mcp_read);
    const auto& uri = require_string(params, "uri");
    const auto& read = context.service.server.resources.read;
    auto outcome = read ? read(uri, context.call) : ReadOutcome{std::optional<json>{}};
    if (auto* input = std::get_if<tool::InputRequired>(&outcome)) return std::move(*input);
    auto& contents = std::get<std::optional<json>>(outcome);
    if (!contents) {
        const bool modern = is_modern(context.client.revision);
        throw jsonrpc::Error{modern ? jsonrpc::invalid_params : legacy_resource_not_found,
                             "there is no such resource", json{{"uri", uri}, {"code", "resource_not_found"}}};
    }
    json result = json::object();
    result["contents"] = *std::move(contents);
    return result;
}

}  // namespace mcp
