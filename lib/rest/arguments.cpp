#include "rest/arguments.hpp"

#include <charconv>

#include "base/error.hpp"
#include "http/media_type.hpp"
#include "http/uri.hpp"

namespace rest {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& message) {
    throw base::Error{base::Reason::invalid_input, "invalid_arguments", message};
}

bool has_body(http::Method method) {
    return method == http::Method::post || method == http::Method::put || method == http::Method::patch;
}

std::string type_of(const tool::Tool& tool, const std::string& name) {
    const auto properties = tool.input_schema.find("properties");
    if (properties == tool.input_schema.end() || !properties->contains(name)) return "";
    return (*properties)[name].value("type", "");
}

json number_of(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return json(text);
    return json(number);
}

/// A text that does not fit its type stays text, and the schema names the misfit.
json typed(const std::string& type, const std::string& text) {
    if (type == "boolean" && (text == "true" || text == "false")) return json(text == "true");
    if (type == "integer" || type == "number") return number_of(text);
    return json(text);
}

void put(json& arguments, const std::string& name, json value) {
    if (arguments.contains(name)) refuse(name.substr(0, 64) + ": is given twice");
    arguments[name] = std::move(value);
}

void put_key(json& arguments, const tool::Tool& tool, const http::Request& request) {
    if (!request.has_field("idempotency-key") || tool.effect.read_only) return;
    put(arguments, "idempotency_key", json(request.field("idempotency-key")));
}

json body_of(const http::Request& request) {
    if (request.body.empty()) return json::object();
    if (!http::is_media_type(request.field("content-type"), "application/json")) {
        throw base::Error{base::Reason::invalid_input, "content_type_unsupported",
                          "send the body as application/json"};
    }
    json body = schema::parse(request.body);
    if (!body.is_object()) refuse("arguments: expected an object");
    return body;
}

}  // namespace

json arguments_of(const tool::Tool& tool, const http::Request& request, const PathArguments& path) {
    json arguments = has_body(request.method) ? body_of(request) : json::object();
    for (const auto& [name, value] : path) put(arguments, name, json(value));
    if (has_body(request.method)) {
        if (!request.query.empty()) refuse("arguments: send them in the body, not in the query");
        put_key(arguments, tool, request);
        return arguments;
    }
    const auto query = http::parse_query(request.query);
    if (!query) refuse("the query is not correctly percent-encoded");
    for (const auto& [name, value] : *query) {
        put(arguments, name, typed(type_of(tool, name), value));
    }
    put_key(arguments, tool, request);
    return arguments;
}

}  // namespace rest
