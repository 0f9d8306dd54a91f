#include "egress/outgoing.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "egress/body.hpp"
#include "http_syntax/field.hpp"
#include "schema/json.hpp"
#include "vault/connector_check.hpp"
#include "vault/target.hpp"

namespace egress {
namespace {

using base::Error;
using base::Reason;
using egress_client::json;
using http_client::Field;
using http_client::Request;

constexpr std::size_t fields_limit = 64;
constexpr std::size_t field_bytes_limit = 32 * 1024;
constexpr std::size_t body_limit = 16 * 1024 * 1024;
constexpr std::size_t query_limit = 8192;

[[noreturn]] void refuse_parameter(const std::string& name) {
    throw Error{Reason::invalid_input, "parameter_not_allowed",
                "query parameter " + name + " belongs to the credential, which Gatehouse adds itself"};
}

[[noreturn]] void refuse_field(const std::string& why) {
    throw Error{Reason::invalid_input, "header_not_allowed", why};
}

void check_query(std::string_view query, const ReservedParts& reserved) {
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find_first_of("&;"));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        auto name = http_syntax::percent_decode(pair.substr(0, pair.find('=')), true);
        for (int round = 0; round < 3; ++round) {
            if (reserved.parameters.contains(http_syntax::lower(name))) refuse_parameter(name);
            name = http_syntax::percent_decode(name, true);
        }
    }
}

std::string text_of(const std::string& name, const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number() || value.is_boolean()) return schema::dump(value);
    throw Error{Reason::invalid_input, "invalid_arguments",
                "params." + name + ": expected text, a number, true, false or a list of these"};
}

void append_parameter(std::string& query, const std::string& name, const json& value) {
    if (!query.empty()) query += '&';
    query += http_syntax::percent_encode(name) + '=' + http_syntax::percent_encode(text_of(name, value));
}

void add_field(std::vector<Field>& fields, const std::string& name, std::string_view value) {
    const bool is_there = std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
        return http_syntax::lower(field.name) == http_syntax::lower(name);
    });
    if (!is_there) fields.push_back({name, base::Secret{value}});
}

void set_body(Request& request, const egress_client::CallRequest& call) {
    if (!call.body_json && !call.data) return;
    if (call.body_json && call.data)
        throw Error{Reason::invalid_input, "invalid_arguments", "json and data exclude each other"};
    if (!request.method->has_body) {
        throw Error{Reason::invalid_input, "invalid_arguments",
                    std::string{request.method->name} + " takes no body: use params"};
    }
    request.body = call.data ? *call.data : schema::dump(*call.body_json);
    if (request.body->size() > body_limit)
        throw Error{Reason::too_large, "request_too_large", "the body is longer than 16 MiB"};
    if (call.body_json) add_field(request.fields, "Content-Type", "application/json");
}

}  // namespace

std::vector<Field> fields_of(const egress_client::Texts& headers, const ReservedParts& reserved) {
    std::vector<Field> fields;
    std::size_t bytes = 0;
    for (const auto& [name, value] : headers) {
        if (!http_syntax::is_field_name(name)) refuse_field("a header's name is 1 to 64 token characters");
        if (!http_syntax::is_field_value(value))
            refuse_field("header " + name + " is longer than 8 KiB or has a line break or control character");
        const auto key = http_syntax::lower(name);
        if (reserved.fields.contains(key))
            refuse_field("header " + name + " belongs to the credential, which Gatehouse adds itself");
        if (vault::is_reserved_field(key)) refuse_field("header " + name + " is set by Gatehouse alone");
        bytes += name.size() + value.size();
        add_field(fields, name, value);
    }
    if (fields.size() > fields_limit || bytes > field_bytes_limit)
        refuse_field("at most 64 headers and 32 KiB of them can be sent");
    return fields;
}

std::string query_of(const std::string& query, const std::map<std::string, json>& parameters,
                     const ReservedParts& reserved) {
    check_query(query, reserved);
    auto whole = query;
    for (const auto& [name, value] : parameters) {
        if (reserved.parameters.contains(http_syntax::lower(name))) refuse_parameter(name);
        if (!value.is_array()) {
            append_parameter(whole, name, value);
            continue;
        }
        for (const auto& element : value) append_parameter(whole, name, element);
    }
    if (whole.size() > query_limit)
        throw Error{Reason::too_large, "request_too_large", "the query is longer than 8 KiB"};
    return whole;
}

Request request_of(const egress_client::CallRequest& call, const vault::Service& service,
                   const vault::Connector& connector, const ReservedParts& reserved) {
    Request request;
    request.method = http_syntax::find_method(call.method);
    if (!request.method) {
        throw Error{Reason::invalid_input, "method_not_allowed",
                    "method is one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"};
    }
    request.url = vault::target_of(call.url, service.origins);
    request.url.query =
        query_of(request.url.query, call.params.value_or(std::map<std::string, json>{}), reserved);
    request.fields = fields_of(call.headers.value_or(egress_client::Texts{}), reserved);
    set_body(request, call);
    check_body(request, reserved);
    for (const auto& [name, value] : connector.fixed_headers) add_field(request.fields, name, value);
    add_field(request.fields, "User-Agent", "Gatehouse/" GATEHOUSE_VERSION);
    return request;
}

}  // namespace egress
