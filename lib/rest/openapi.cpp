#include "rest/openapi.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rest/mirror.hpp"

namespace rest {
namespace {

using nlohmann::json;

std::string lower_case_name(http::Method method) {
    switch (method) {
        case http::Method::get:
            return "get";
        case http::Method::head:
            return "head";
        case http::Method::post:
            return "post";
        case http::Method::put:
            return "put";
        case http::Method::patch:
            return "patch";
        case http::Method::delete_:
            return "delete";
        case http::Method::options:
            return "options";
        case http::Method::other:
            return "trace";
    }
    return "post";
}

bool is_in_path(const tool::Tool& tool, const std::string& name) {
    return tool.route.path.find('{' + name + '}') != std::string::npos;
}

bool takes_body(const tool::Tool& tool) {
    return tool.route.method != http::Method::get && tool.route.method != http::Method::delete_;
}

bool is_required(const json& schema, const std::string& name) {
    const auto required = schema.find("required");
    return required != schema.end() && std::find(required->begin(), required->end(), name) != required->end();
}

json parameter(const std::string& name, const char* place, bool required, json schema) {
    json described{{"name", name}, {"in", place}, {"required", required}};
    if (schema.contains("description")) {
        described["description"] = schema["description"];
        schema.erase("description");
    }
    described["schema"] = std::move(schema);
    return described;
}

json parameters_of(const tool::Tool& tool) {
    json parameters = json::array();
    for (const auto& [name, schema] : tool.input_schema["properties"].items()) {
        if (is_in_path(tool, name)) {
            parameters.push_back(parameter(name, "path", true, schema));
        } else if (!takes_body(tool)) {
            parameters.push_back(parameter(name, "query", is_required(tool.input_schema, name), schema));
        }
    }
    if (!tool.effect.read_only) {
        parameters.push_back(parameter(
            "Idempotency-Key", "header", false,
            json{{"type", "string"}, {"format", "uuid"}, {"description", "The same key never runs twice."}}));
    }
    return parameters;
}

json body_of(const tool::Tool& tool) {
    json schema = tool.input_schema;
    json required = json::array();
    for (const auto& [name, property] : tool.input_schema["properties"].items()) {
        if (is_in_path(tool, name)) {
            schema["properties"].erase(name);
        } else if (is_required(tool.input_schema, name)) {
            required.push_back(name);
        }
    }
    schema.erase("required");
    const bool any_required = !required.empty();
    if (any_required) schema["required"] = std::move(required);
    return json{{"required", any_required},
                {"content", {{"application/json", {{"schema", std::move(schema)}}}}}};
}

json problem_response(const char* description) {
    return json{{"description", description},
                {"content",
                 {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

json responses_of(const tool::Tool& tool) {
    json success{{"description", "The result."}};
    success["content"]["application/json"]["schema"] =
        tool.output_schema.is_null() ? json::object() : tool.output_schema;
    json responses;
    responses["200"] = std::move(success);
    responses["401"] = problem_response("No live credential.");
    responses["403"] = problem_response("The credential may not do this.");
    responses["422"] = problem_response("An argument does not fit.");
    responses["429"] = problem_response("Too many requests.");
    responses["default"] = problem_response("Any other failure; `code` is stable.");
    return responses;
}

/// Each of these alone is enough.
json security_of(const tool::Tool& tool) {
    json forms = json::array({json{{"api_key", json::array({auth::name_of(tool.scope)})}}});
    for (const char* form : {"user_token", "basic"}) forms.push_back(json{{form, json::array()}});
    if (tool.is_public) forms.push_back(json{{"publishable_key", json::array()}});
    return forms;
}

json operation_of(const tool::Tool& tool) {
    json operation{
        {"operationId", tool.name},      {"summary", tool.title},           {"description", tool.description},
        {"security", security_of(tool)}, {"responses", responses_of(tool)},
    };
    if (auto parameters = parameters_of(tool); !parameters.empty())
        operation["parameters"] = std::move(parameters);
    if (takes_body(tool)) operation["requestBody"] = body_of(tool);
    return operation;
}

json problem_schema() {
    return json{
        {"type", "object"},
        {"description", "A failure (RFC 9457)."},
        {"required", json::array({"title", "status", "code"})},
        {"properties",
         {{"title", {{"type", "string"}}},
          {"status", {{"type", "integer"}}},
          {"detail", {{"type", "string"}}},
          {"code", {{"type", "string"}, {"description", "Stable; programs may switch on it."}}}}},
    };
}

}  // namespace

json openapi(const std::vector<tool::Tool>& tools, const std::string& public_url) {
    json paths = json::object();
    for (const auto& tool : tools)
        paths[tool.route.path][lower_case_name(tool.route.method)] = operation_of(tool);
    json components;
    components["securitySchemes"]["api_key"] = json{{"type", "http"},
                                                    {"scheme", "bearer"},
                                                    {"bearerFormat", "ghk_"},
                                                    {"description", "An API key, or an OAuth access token."}};
    components["securitySchemes"]["publishable_key"] =
        json{{"type", "http"},
             {"scheme", "bearer"},
             {"bearerFormat", "gpk_"},
             {"description", "A key that stands in a web page, sent from a page of its origins."}};
    components["schemas"]["Problem"] = problem_schema();
    return json{
        {"openapi", "3.1.0"},
        {"info",
         {{"title", "Gatehouse"},
          {"version", GATEHOUSE_VERSION},
          {"description", "Every MCP tool as a REST operation, and the administration of a workspace."}}},
        {"servers", json::array({json{{"url", public_url + std::string{base_path}}}})},
        {"paths", std::move(paths)},
        {"components", std::move(components)},
    };
}

}  // namespace rest
