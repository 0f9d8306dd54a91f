#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tool/call.hpp"
#include "tool/tool.hpp"

namespace mcp {

using json = nlohmann::json;

/// What a completion is asked for: the argument, what was typed, and the arguments known so far.
struct CompletionQuery {
    std::string argument;
    std::string value;
    json known = json::object();
};
using Complete = std::function<std::vector<std::string>(const CompletionQuery&, tool::Call&)>;

/// The contents of a resource: an array of TextResourceContents and BlobResourceContents. Nothing when there
/// is no such resource.
using ReadOutcome = std::variant<std::optional<json>, tool::InputRequired>;

/// The resources of a server. Each function sees what the caller may see.
struct ResourceProvider {
    std::function<json(tool::Call&)> list;  ///< array of Resource, in a stable order
    json templates = json::array();         ///< array of ResourceTemplate
    std::function<ReadOutcome(const std::string& uri, tool::Call&)> read;
    /// Completes a variable of a template; may be empty.
    std::function<std::vector<std::string>(const std::string& uri_template, const CompletionQuery&,
                                           tool::Call&)>
        complete;
};

struct PromptArgument {
    std::string name;
    std::string description;
    bool is_required = false;
};

/// A prompt's messages: an array of PromptMessage.
using PromptOutcome = std::variant<json, tool::InputRequired>;

struct Prompt {
    std::string name;
    std::string title;
    std::string description;
    std::vector<PromptArgument> arguments;
    /// `arguments` is an object of strings that has every required member.
    std::function<PromptOutcome(const json& arguments, tool::Call&)> get;
    Complete complete;  ///< may be empty
};

/// What one MCP endpoint serves. Plain data: the protocol knows nothing of it by name.
struct Server {
    std::string name;
    std::string title;
    std::string version;
    std::string instructions;

    std::vector<tool::Tool> tools;
    ResourceProvider resources;
    std::vector<Prompt> prompts;

    /// Whether lists of tools and prompts can change while the server runs; then changes are published
    /// (mcp/change.hpp). Resources always may.
    bool tools_change = false;
    bool prompts_change = false;

    std::size_t page_size = 100;
};

}  // namespace mcp
