#include "egress/body.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "http_syntax/field.hpp"
#include "http_syntax/url.hpp"
#include "schema/json.hpp"

namespace egress {
namespace {

using base::Error;
using base::Reason;
using schema::json;

enum class Kind { none, json_object, form };

Kind kind_of(const http_client::Request& request) {
    if (!request.body || request.body->empty()) return Kind::none;
    for (const auto& field : request.fields) {
        if (http_syntax::lower(field.name) != "content-type") continue;
        const auto type = http_syntax::lower(field.value.reveal());
        if (type.starts_with("application/x-www-form-urlencoded")) return Kind::form;
        if (type.starts_with("application/json")) return Kind::json_object;
    }
    throw Error{Reason::invalid_input, "invalid_arguments",
                "the credential belongs in the body, which must be a JSON object or a form"};
}

[[noreturn]] void refuse_member(const std::string& name) {
    throw Error{Reason::invalid_input, "parameter_not_allowed",
                "the body's member " + name + " belongs to the credential, which Gatehouse adds itself"};
}

void check_name(const std::string& name, const ReservedParts& reserved) {
    const bool is_reserved =
        std::any_of(reserved.members.begin(), reserved.members.end(),
                    [&](const auto& own) { return http_syntax::lower(own) == http_syntax::lower(name); });
    if (is_reserved) refuse_member(name);
}

json object_of(const std::string& body) {
    auto object = schema::parse(body);
    if (object.is_object()) return object;
    throw Error{Reason::invalid_input, "invalid_arguments",
                "the credential belongs in the body, which must be a JSON object"};
}

void check_form(std::string_view body, const ReservedParts& reserved) {
    while (!body.empty()) {
        const auto pair = body.substr(0, body.find_first_of("&;"));
        body.remove_prefix(std::min(pair.size() + 1, body.size()));
        check_name(http_syntax::percent_decode(pair.substr(0, pair.find('=')), true), reserved);
    }
}

}  // namespace

void check_body(const http_client::Request& request, const ReservedParts& reserved) {
    if (reserved.members.empty()) return;
    if (!request.method->has_body) {
        throw Error{Reason::invalid_input, "invalid_arguments",
                    "this service's credential goes into the body: use a method that has one"};
    }
    const auto kind = kind_of(request);
    if (kind == Kind::form) check_form(*request.body, reserved);
    if (kind != Kind::json_object) return;
    const auto object = object_of(*request.body);
    for (const auto& member : object.items()) check_name(member.key(), reserved);
}

void inject_members(http_client::Request& request,
                    const std::vector<std::pair<std::string, base::Secret>>& members) {
    if (members.empty()) return;
    const auto kind = kind_of(request);
    if (kind == Kind::form) {
        for (const auto& [name, value] : members) {
            *request.body +=
                '&' + http_syntax::percent_encode(name) + '=' + http_syntax::percent_encode(value.reveal());
        }
        return;
    }
    auto object = kind == Kind::none ? json::object() : object_of(*request.body);
    for (const auto& [name, value] : members) object[name] = std::string{value.reveal()};
    if (kind == Kind::none) request.fields.push_back({"Content-Type", base::Secret{"application/json"}});
    request.body = schema::dump(object);
}

}  // namespace egress
