#include <algorithm>

#include "auth/authenticator.hpp"
#include "mcp/error.hpp"
#include "mcp/methods.hpp"
#include "mcp/params.hpp"

namespace mcp {
namespace {

constexpr std::size_t most_values = 100;

CompletionQuery read_query(const json& params) {
    const json& argument = require_object(params, "argument");
    CompletionQuery query{.argument = require_string(argument, "name"),
                          .value = require_string(argument, "value")};
    if (const json* context = find_object(params, "context")) {
        if (const json* known = find_object(*context, "arguments")) query.known = *known;
    }
    return query;
}

/// The name stands in the template as {name}, or with an operator as RFC 6570 has them.
bool has_variable(std::string_view uri_template, std::string_view name) {
    for (auto open = uri_template.find('{'); open != uri_template.npos;
         open = uri_template.find('{', open + 1)) {
        auto variables = uri_template.substr(open + 1, uri_template.find('}', open) - open - 1);
        if (!variables.empty() && std::string_view{"+#./;?&"}.find(variables.front()) != variables.npos) {
            variables.remove_prefix(1);
        }
        while (!variables.empty()) {
            const auto comma = std::min(variables.find(','), variables.size());
            const auto variable = variables.substr(0, std::min(comma, variables.find_first_of(":*")));
            if (variable == name) return true;
            variables.remove_prefix(std::min(comma + 1, variables.size()));
        }
    }
    return false;
}

void require_variable(const json& templates, const std::string& uri, const std::string& name) {
    const auto known = std::find_if(templates.begin(), templates.end(),
                                    [&](const json& each) { return each["uriTemplate"] == uri; });
    if (known == templates.end()) refuse_params("ref.uri: is no resource template of this server");
    if (!has_variable(uri, name)) refuse_params("argument.name: the template has no such variable");
}

std::vector<std::string> values_for_prompt(Context& context, const json& ref, const CompletionQuery& query) {
    const auto& prompts = context.service.server.prompts;
    const auto& name = require_string(ref, "name");
    const auto prompt =
        std::find_if(prompts.begin(), prompts.end(), [&](const Prompt& each) { return each.name == name; });
    if (prompt == prompts.end()) refuse_params("ref: unknown prompt");
    const auto& arguments = prompt->arguments;
    if (std::none_of(arguments.begin(), arguments.end(),
                     [&](const PromptArgument& each) { return each.name == query.argument; })) {
        refuse_params("argument.name: the prompt has no such argument");
    }
    return prompt->complete ? prompt->complete(query, context.call) : std::vector<std::string>{};
}

std::vector<std::string> values_of(Context& context, const json& ref, const CompletionQuery& query) {
    const auto& type = require_string(ref, "type");
    if (type == "ref/prompt") return values_for_prompt(context, ref, query);
    if (type != "ref/resource") refuse_params("ref.type: expected ref/prompt or ref/resource");
    const auto& resources = context.service.server.resources;
    const auto& uri = require_string(ref, "uri");
    require_variable(resources.templates, uri, query.argument);
    if (!resources.complete) return {};
    return resources.complete(uri, query, context.call);
}

}  // namespace

Reply complete(Context& context, json& params) {
    auth::require_scope(context.principal, auth::Scope::mcp_read);
    const auto query = read_query(params);
    auto values = values_of(context, require_object(params, "ref"), query);
    const auto total = values.size();
    if (total > most_values) values.resize(most_values);
    json completion{{"total", total}, {"hasMore", total > most_values}};
    completion["values"] = std::move(values);
    json result = json::object();
    result["completion"] = std::move(completion);
    return result;
}

}  // namespace mcp
