#include <algorithm>

#include "mcp/error.hpp"
#include "mcp/methods.hpp"
#include "mcp/pagination.hpp"
#include "mcp/params.hpp"

namespace mcp {
namespace {

json describe(const Prompt& prompt) {
    json arguments = json::array();
    for (const auto& argument : prompt.arguments) {
        arguments.push_back({{"name", argument.name},
                             {"description", argument.description},
                             {"required", argument.is_required}});
    }
    json described{
        {"name", prompt.name}, {"description", prompt.description}, {"arguments", std::move(arguments)}};
    if (!prompt.title.empty()) described["title"] = prompt.title;
    return described;
}

void check_arguments(const Prompt& prompt, const json& arguments) {
    for (const auto& argument : prompt.arguments) {
        const json* value = find_member(arguments, argument.name.c_str());
        if (value == nullptr && argument.is_required) {
            refuse_params("arguments." + argument.name + ": is required");
        }
        if (value != nullptr && !value->is_string()) {
            refuse_params("arguments." + argument.name + ": expected a string");
        }
    }
}

}  // namespace

static const Prompt& require_prompt(const Server& server, const std::string& name) {
    const auto prompt = std::find_if(server.prompts.begin(), server.prompts.end(),
                                     [&](const Prompt& each) { return each.name == name; });
    if (prompt == server.prompts.end()) {
        throw jsonrpc::Error{jsonrpc::invalid_params, "unknown prompt: " + name.substr(0, 128),
                             json{{"code", "unknown_prompt"}}};
    }
    return *prompt;
}

Reply list_prompts(Context& context, json& params) {
    json items = json::array();
    for (const auto& prompt : context.service.server.prompts) items.push_back(describe(prompt));
    return page_of(context, params, "prompts", std::move(items), "name");
}

Reply get_prompt(Context& context, json& params) {
    const auto& prompt = require_prompt(context.service.server, require_string(params, "name"));
    const json arguments = take_object(params, "arguments");
    check_arguments(prompt, arguments);
    auto outcome = prompt.get(arguments, context.call);
    if (auto* input = std::get_if<tool::InputRequired>(&outcome)) return std::move(*input);
    json result{{"description", prompt.description}};
    result["messages"] = std::get<json>(std::move(outcome));
    return result;
}

}  // namespace mcp
