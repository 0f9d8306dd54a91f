#include "egress/body.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "http_syntax/field.hpp"
#include "http_syntax/url.hpp"
#include "schema/json.hpp"

namespace egress {
namespace {

using base::Error;
using base::Reason;
using schema::json;

enum class Kind { none, json_text, form, multipart, other };

Kind kind_of(const http_client::Request& request) {
    if (!request.body || request.body->empty()) return Kind::none;
    for (const auto& field : request.fields) {
        if (http_syntax::lower(field.name) != "content-type") continue;
        const auto whole = http_syntax::lower(field.value.reveal());
        const auto type = whole.substr(0, whole.find_first_of("; \t"));
        if (type == "application/x-www-form-urlencoded") return Kind::form;
        if (type.starts_with("multipart/")) return Kind::multipart;
        if (type == "application/json" || type == "text/json" || type.ends_with("+json"))
            return Kind::json_text;
        return Kind::other;
    }
    return Kind::other;
}

[[noreturn]] void refuse_member(const std::string& name) {
    throw Error{Reason::invalid_input, "parameter_not_allowed",
                "the body's member " + name + " belongs to the credential, which Gatehouse adds itself"};
}

[[noreturn]] void refuse_kind(const char* wanted) {
    throw Error{Reason::invalid_input, "invalid_arguments",
                std::string{"the credential belongs in the body, which must be "} + wanted};
}

void check_name(std::string name, const std::set<std::string>& reserved) {
    name = http_syntax::lower(name);
    if (reserved.contains(name)) refuse_member(name);
}

json object_of(const std::string& body) {
    auto object = schema::parse(body);
    if (object.is_object()) return object;
    refuse_kind("a JSON object");
}

void check_json(const std::string& body, const std::set<std::string>& reserved) {
    const auto value = schema::parse(body);
    if (!value.is_object()) return;
    for (const auto& member : value.items()) check_name(member.key(), reserved);
}

/// A name as the parsers of forms that know of arrays read it: a[b] is a part of a.
std::string outer_name(const std::string& name) {
    const auto begin = std::min(name.find_first_not_of(" \r\n"), name.size());
    return name.substr(begin, name.find('[', begin) - begin);
}

void check_form(std::string_view body, const std::set<std::string>& reserved) {
    while (!body.empty()) {
        const auto pair = body.substr(0, body.find_first_of("&;"));
        body.remove_prefix(std::min(pair.size() + 1, body.size()));
        check_name(outer_name(http_syntax::percent_decode(pair.substr(0, pair.find('=')), true)), reserved);
    }
}

/// Many services read JSON whatever the body is said to be.
void check_unknown(const std::string& body, const std::set<std::string>& reserved) {
    try {
        check_json(body, reserved);
    } catch (const Error& error) {
        if (error.code() == "parameter_not_allowed") throw;
        check_form(body, reserved);
    }
}

/// RFC 7578: whichever line says name=token or name="token".
void check_multipart(std::string_view body, const std::set<std::string>& reserved) {
    const auto text = http_syntax::lower(body);
    constexpr std::string_view mark = "name";
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;) {
        at += mark.size();
        const auto equals = text.find_first_not_of(" \t*", at);
        if (equals == std::string::npos || text[equals] != '=') continue;
        const auto begin = std::min(text.find_first_not_of(" \t\"'", equals + 1), text.size());
        const auto name = text.substr(begin, text.find_first_of("\"'; \t\r\n", begin) - begin);
        check_name(outer_name(http_syntax::percent_decode(name)), reserved);
    }
}

/// What a query gives a credential in is taken from a body by many services, and the other way around.
void check_names(const http_client::Request& request, Kind kind, const std::set<std::string>& reserved) {
    if (reserved.empty() || kind == Kind::none) return;
    if (kind == Kind::json_text) return check_json(*request.body, reserved);
    if (kind == Kind::multipart) return check_multipart(*request.body, reserved);
    if (kind == Kind::form) return check_form(*request.body, reserved);
    check_unknown(*request.body, reserved);
}

}  // namespace

void check_body(const http_client::Request& request, const ReservedParts& reserved) {
    const auto kind = kind_of(request);
    if (!reserved.members.empty()) {
        if (!request.method->has_body) {
            throw Error{Reason::invalid_input, "invalid_arguments",
                        "this service's credential goes into the body: use a method that has one"};
        }
        if (kind == Kind::other || kind == Kind::multipart) refuse_kind("a JSON object or a form");
        if (kind == Kind::json_text) object_of(*request.body);
    }
    check_names(request, kind, reserved.parameters);
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
