#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "auth/principal.hpp"
#include "http/request.hpp"
#include "schema/schema.hpp"
#include "tool/text.hpp"

namespace tool {

using json = nlohmann::json;

class Call;

/// What running a tool does to the world; published as ToolAnnotations.
struct Effect {
    bool read_only = false;
    bool destructive = false;
    bool idempotent = false;
    bool open_world = false;
};

/// Where the REST mirror answers, below /api/v1. A segment {name} binds the argument of that name;
/// other arguments come from the query (GET, DELETE) or from the JSON body.
struct Route {
    http::Method method = http::Method::post;
    std::string path;
};

/// A finished call. A refusal or a failure of the tool itself is is_error with a message for the model
/// (a tool execution error), never an exception that means a broken protocol.
struct Result {
    json structured = nullptr;  ///< object that fits output_schema; null when the tool has none
    json content = nullptr;     ///< MCP content blocks; when null, the structured value as text
    bool is_error = false;
    /// The structured value, written. A tool that keeps its answer gives this instead of `structured`; for
    /// the others invoke() makes it. Null when there is no structured value.
    std::shared_ptr<const Text> text = nullptr;
};

/// The call needs something from the client first: elicitation, sampling or roots
/// (MCP 2026-07-28, multi round-trip requests). Keys name the requests, values are {method, params}.
struct InputRequired {
    json requests;
    std::string state;  ///< what the tool wants back with the answers; sealed before it leaves
};

using Outcome = std::variant<Result, InputRequired>;

/// One operation, defined once. tools/list, tools/call, the REST mirror, OpenAPI and the console are computed
/// from this value; nothing about an operation is written anywhere else.
struct Tool {
    std::string name;  ///< [a-z0-9_]{1,64}; the MCP name and the OpenAPI operationId
    std::string title;
    std::string description;  ///< for the model: when to use it, what it never does
    auth::Scope scope = auth::Scope::mcp_read;
    Effect effect;
    Route route;
    int price = 0;                              ///< credits per call
    std::vector<std::string> secret_arguments;  ///< no audit row may let one guess them: not digested there
    bool is_public = false;       ///< read-only, and meant for everyone: a publishable key may call it
    bool reveals_secret = false;  ///< recorded before the result is given, without a digest of the result

    json input_schema = json::object();
    json output_schema = nullptr;
    /// Throws base::Error for a refusal; `invoke` turns it into what each protocol says.
    std::function<Outcome(const json& arguments, Call& call)> run;
};

/// Fills the schemas and `run` from a typed function. Input is decoded, so an invalid call never reaches
/// `body`.
template <class Input, class Output>
Tool define(Tool tool, Output (*body)(const Input&, Call&)) {
    tool.input_schema = schema::json_schema<Input>();
    tool.output_schema = schema::json_schema<Output>();
    tool.run = [body](const json& arguments, Call& call) -> Outcome {
        return Result{.structured = schema::encode(body(schema::decode<Input>(arguments), call))};
    };
    return tool;
}

}  // namespace tool
