#include "jsonrpc/message.hpp"

#include "base/error.hpp"
#include "schema/json.hpp"

namespace jsonrpc {
namespace {

[[noreturn]] void refuse(const char* message) { throw Error{invalid_request, message}; }

bool is_id(const json& value) { return value.is_string() || value.is_number_integer(); }

json* find(json& object, const char* name) {
    const auto member = object.find(name);
    return member == object.end() ? nullptr : &*member;
}

void read_call(Message& message, json& value, json& method) {
    if (!method.is_string()) refuse("method: expected a string");
    message.method = std::move(method.get_ref<std::string&>());
    if (json* params = find(value, "params")) {
        if (!params->is_object()) refuse("params: expected an object");
        message.params = std::move(*params);
    }
    message.kind = message.id.is_null() ? Message::Kind::notification : Message::Kind::request;
}

void read_response(Message& message, json& value) {
    message.kind = Message::Kind::response;
    json* result = find(value, "result");
    json* error = find(value, "error");
    if ((result == nullptr) == (error == nullptr)) refuse("expected a method, a result or an error");
    if (message.id.is_null() && result != nullptr) refuse("id: is required");
    if (error != nullptr) {
        if (!error->is_object() || !error->contains("code") || !(*error)["code"].is_number_integer()) {
            refuse("error: expected an object with an integer code");
        }
        message.error = std::move(*error);
    } else {
        message.result = std::move(*result);
    }
}

}  // namespace

json parse(std::string_view body) {
    try {
        return schema::parse(body);
    } catch (const base::Error& error) {
        throw Error{error.code() == "json_malformed" ? parse_error : invalid_request, error.what(),
                    json{{"code", error.code()}}};
    }
}

bool is_batch(const json& value) { return value.is_array(); }

Message read_message(json&& value) {
    if (!value.is_object()) refuse("expected a JSON-RPC message, which is an object");
    const json* version = find(value, "jsonrpc");
    if (version == nullptr || *version != "2.0") refuse("jsonrpc: expected \"2.0\"");
    Message message;
    if (json* id = find(value, "id")) {
        const bool is_error_without_id = id->is_null() && value.contains("error");
        if (!is_id(*id) && !is_error_without_id) refuse("id: expected a string or an integer");
        message.id = std::move(*id);
    }
    if (json* method = find(value, "method")) {
        read_call(message, value, *method);
    } else {
        read_response(message, value);
    }
    return message;
}

json id_of(const json& value) {
    if (!value.is_object()) return nullptr;
    const auto id = value.find("id");
    return id != value.end() && is_id(*id) ? *id : json(nullptr);
}

json request(json id, std::string_view method, json params) {
    return {{"jsonrpc", "2.0"}, {"id", std::move(id)}, {"method", method}, {"params", std::move(params)}};
}

json notification(std::string_view method, json params) {
    return {{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

json result_response(json id, json result) {
    json response = json::object();
    response["jsonrpc"] = "2.0";
    response["id"] = std::move(id);
    response["result"] = std::move(result);
    return response;
}

std::string written_response(const json& id, std::string_view result) {
    constexpr std::string_view start = R"({"jsonrpc":"2.0","id":)";
    constexpr std::string_view middle = R"(,"result":)";
    const auto id_text = schema::dump(id);
    std::string response;
    response.reserve(start.size() + id_text.size() + middle.size() + result.size() + 1);
    return response.append(start).append(id_text).append(middle).append(result).append("}");
}

json error_response(json id, const Error& error) {
    json body{{"code", error.code()}, {"message", error.what()}};
    if (!error.data().is_null()) body["data"] = error.data();
    json response = json::object();
    response["jsonrpc"] = "2.0";
    response["id"] = std::move(id);
    response["error"] = std::move(body);
    return response;
}

}  // namespace jsonrpc
