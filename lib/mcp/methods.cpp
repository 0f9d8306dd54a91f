#include "mcp/methods.hpp"

#include <array>

#include "tool/decoy_watch.hpp"

namespace mcp {
namespace {

using std::chrono::milliseconds;

/// Lists that change are told through subscriptions; the time to live bounds how stale one without them gets.
constexpr Caching fixed_list{milliseconds{300'000}, true};
constexpr Caching callers_list{milliseconds{60'000}, false};
constexpr Caching moving_list{milliseconds{5'000}, false};
constexpr Caching never{milliseconds{0}, false};

constexpr std::array methods{
    Method{"tools/list", list_tools, callers_list},
    Method{"tools/call", call_tool, std::nullopt, "name"},
    Method{"resources/list", list_resources, moving_list},
    Method{"resources/templates/list", list_resource_templates, fixed_list},
    Method{"resources/read", read_resource, never, "uri"},
    Method{"prompts/list", list_prompts, fixed_list},
    Method{"prompts/get", get_prompt, std::nullopt, "name"},
    Method{"completion/complete", complete, std::nullopt},
};

}  // namespace

const Method* find_method(std::string_view name) noexcept {
    for (const auto& method : methods) {
        if (method.name == name) return &method;
    }
    return nullptr;
}

Reply run(const Method& method, Context& context, json& params) {
    auto* decoys = context.call.decoys();
    const bool is_checked_later = method.run == call_tool;
    if (decoys != nullptr && !is_checked_later)
        decoys->check(context.principal, std::string{method.name}, params);
    return method.run(context, params);
}

}  // namespace mcp
