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

std::vector<std::string> values_for_prompt(Context& context, const json& ref, const CompletionQuery& query) {
    const auto& prompts = context.service.server.prompts;
    const auto& name = require_string(ref, "name");
    const auto prompt =
        std::find_if(prompts.begin(), prompts.end(), [&](const Prompt& each) { return each.name == name; });
    if (prompt == prompts.end()) refuse_params("ref: unknown prompt");
    return prompt->complete ? prompt->complete(query, context.call) : std::vector<std::string>{};
}

std::vector<std::string> values_of(Context& context, const json& ref, const CompletionQuery& query) {
    const auto& type = require_string(ref, "type");
    if (type == "ref/prompt") return values_for_prompt(context, ref, query);
    if (type != "ref/resource") refuse_params("ref.type: expected ref/prompt or ref/resource");
    const auto& complete_template = context.service.server.resources.complete;
    if (!complete_template) return {};
    return complete_template(require_string(ref, "uri"), query, context.call);
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
