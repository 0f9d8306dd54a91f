#include <algorithm>

#include "mcp/error.hpp"
#include "mcp/headers.hpp"
#include "mcp/meta.hpp"
#include "mcp/methods.hpp"
#include "mcp/pagination.hpp"
#include "mcp/params.hpp"
#include "schema/json.hpp"
#include "tool/invoke.hpp"

namespace mcp {
namespace {

json describe(const tool::Tool& tool) {
    json described{
        {"name", tool.name},
        {"description", tool.description},
        {"inputSchema", tool::published_input_schema(tool)},
        {"annotations",
         {{"readOnlyHint", tool.effect.read_only},
          {"destructiveHint", tool.effect.destructive},
          {"idempotentHint", tool.effect.idempotent},
          {"openWorldHint", tool.effect.open_world}}},
    };
    if (!tool.title.empty()) described["title"] = tool.title;
    if (!tool.output_schema.is_null()) described["outputSchema"] = tool.output_schema;
    return described;
}

/// A client may know the name user_view as user.view.
bool is_named(const tool::Tool& tool, const std::string& name) {
    return std::equal(
        tool.name.begin(), tool.name.end(), name.begin(), name.end(),
        [](char known, char asked) { return known == asked || (known == '_' && asked == '.'); });
}

const tool::Tool& require_tool(const Server& server, const std::string& name) {
    for (const auto& tool : server.tools) {
        if (is_named(tool, name)) return tool;
    }
    throw jsonrpc::Error{jsonrpc::invalid_params, "unknown tool: " + name.substr(0, 128),
                         json{{"code", "unknown_tool"}}};
}

std::string content_of(const tool::Result& result) {
    if (!result.content.is_null()) return schema::dump(result.content);
    if (!result.text) return "[]";
    return R"([{"type":"text","text":)" + result.text->quoted + "}]";
}

WrittenMembers members_of(const tool::Result& result) {
    WrittenMembers members{R"("content":)" + content_of(result)};
    members.text += result.is_error ? R"(,"isError":true)" : R"(,"isError":false)";
    if (result.text) (members.text += R"(,"structuredContent":)") += result.text->line;
    return members;
}

/// A tool execution error: the model reads it and may do better.
json refusal_of(const base::Error& error) {
    const auto text = std::string{error.what()} + " (" + error.code() + ')';
    return {
        {"content", json::array({{{"type", "text"}, {"text", text}}})},
        {"isError", true},
        {"_meta", {{meta::error_code, error.code()}}},
    };
}

bool is_for_the_model(base::Reason reason) {
    switch (reason) {
        case base::Reason::invalid_input:
        case base::Reason::forbidden:
        case base::Reason::not_found:
        case base::Reason::conflict:
        case base::Reason::too_large:
        case base::Reason::rate_limited:
        case base::Reason::upstream_failed:
            return true;
        case base::Reason::unauthenticated:
        case base::Reason::insufficient_scope:
        case base::Reason::unavailable:
        case base::Reason::internal:
            return false;
    }
    return false;
}

}  // namespace

Reply list_tools(Context& context, json& params) {
    json items = json::array();
    for (const auto& tool : context.service.server.tools) {
        if (context.principal.scopes.allows(tool.scope)) items.push_back(describe(tool));
    }
    return page_of(context, params, "tools", std::move(items), "name");
}

Reply call_tool(Context& context, json& params) {
    const auto& tool = require_tool(context.service.server, require_string(params, "name"));
    json arguments = take_object(params, "arguments");
    if (is_modern(context.client.revision)) {
        check_parameter_headers(context.request, tool.input_schema, arguments);
    }
    try {
        auto outcome = tool::invoke(tool, std::move(arguments), context.call, tool::Channel::mcp);
        if (auto* result = std::get_if<tool::Result>(&outcome)) return members_of(*result);
        return std::get<tool::InputRequired>(std::move(outcome));
    } catch (const base::Error& error) {
        if (!is_for_the_model(error.reason())) throw;
        return refusal_of(error);
    }
}

}  // namespace mcp
