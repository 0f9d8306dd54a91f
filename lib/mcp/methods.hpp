#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "mcp/context.hpp"

namespace mcp {

/// Who may share a cached result (2026-07-28, Caching).
struct Caching {
    std::chrono::milliseconds time_to_live;
    bool is_public;
};

/// One method that both eras serve. `run` may take the parameters apart. Failures: jsonrpc::Error,
/// base::Error.
struct Method {
    std::string_view name;
    Reply (*run)(Context& context, json& params);
    std::optional<Caching> caching;
    /// The parameter that names what is asked for, where the answer may need input from the client first.
    const char* subject = nullptr;
};

/// The table of methods; null for a name that is not in it.
const Method* find_method(std::string_view name) noexcept;

/// Runs it, unless a decoy's value stands in the parameters (tool::DecoyWatch).
Reply run(const Method& method, Context& context, json& params);

Reply list_tools(Context& context, json& params);
Reply call_tool(Context& context, json& params);
Reply list_resources(Context& context, json& params);
Reply list_resource_templates(Context& context, json& params);
Reply read_resource(Context& context, json& params);
Reply list_prompts(Context& context, json& params);
Reply get_prompt(Context& context, json& params);
Reply complete(Context& context, json& params);

}  // namespace mcp
