#include "vault/selector.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "http_syntax/field.hpp"
#include "redaction/unescape.hpp"
#include "vault/graphql.hpp"
#include "vault/spelling.hpp"

namespace vault {
namespace {

using Values = std::vector<std::string>;

bool is_wanted(const Values& values, std::string_view plain) {
    return std::any_of(values.begin(), values.end(),
                       [&](const auto& value) { return resembles(value, plain); });
}

/// The whole text, or one of a list in it.
bool is_wanted_in(const Values& values, std::string_view text) {
    if (is_wanted(values, plain_text(text))) return true;
    const auto decoded = wholly_decoded(text);
    for (std::string_view rest = decoded; !rest.empty();) {
        const auto part = rest.substr(0, rest.find_first_of(",; \t"));
        if (is_wanted(values, plain_text(part))) return true;
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    }
    return false;
}

bool may_stand_in(const Values& values, std::string_view text) {
    const auto plain = plain_text(redaction::unescape(redaction::Escape::json, text).bytes);
    return std::any_of(values.begin(), values.end(),
                       [&](const auto& value) { return may_contain(plain, value); });
}

/// Some servers take an underscore in a header's name for a hyphen.
std::string header_name(std::string_view name) {
    auto plain = http_syntax::lower(name);
    std::replace(plain.begin(), plain.end(), '_', '-');
    return plain;
}

bool is_in_parameter(const std::string& parameter, const Values& values, const Reading& reading) {
    const auto wanted = plain_text(parameter);
    bool found = false;
    reading.visit_parameters([&](auto name, auto value) {
        found = found || (resembles(wanted, plain_text(name)) && is_wanted_in(values, value));
    });
    return found;
}

/// Some services take a header's value from the query, too.
bool is_in_header(const std::string& header, const Values& values, const Reading& reading) {
    const auto& fields = reading.content().fields;
    const bool is_there = std::any_of(fields.begin(), fields.end(), [&](const auto& field) {
        return header_name(field.first) == header_name(header) && is_wanted_in(values, field.second);
    });
    return is_there || is_in_parameter(header, values, reading);
}

bool is_in_document(const Values& values, std::string_view document) {
    const auto names = graphql_names(document);
    if (!names) return may_stand_in(values, document);
    return std::any_of(names->begin(), names->end(),
                       [&](auto name) { return is_wanted(values, http_syntax::lower(name)); });
}

/// To a document that the service has already.
bool is_reference(std::string_view plain_name, std::string_view value) {
    static constexpr std::array names{"id", "doc_id", "docid", "documentid", "queryid"};
    if (resembles("extensions", plain_name)) return may_contain(plain_text(value), "persistedquery");
    return std::any_of(names.begin(), names.end(), [&](auto name) { return resembles(name, plain_name); });
}

bool is_in_graphql(const Values& values, const Reading& reading) {
    bool found = false;
    bool has_document = false;
    reading.visit_parameters([&](auto name, auto value) {
        const auto plain_name = plain_text(name);
        const bool is_document = resembles("query", plain_name);
        has_document = has_document || is_document;
        found = found || (is_document ? is_in_document(values, value) : is_reference(plain_name, value));
    });
    const auto& content = reading.content();
    if (found || (content.body.empty() && content.query.empty())) return found;
    const bool is_document = !content.body.empty() && !reading.is_json();
    if (is_document) return is_in_document(values, content.body);
    return !has_document;
}

[[noreturn]] void refuse(const std::string& why) {
    throw base::Error{base::Reason::invalid_input, "connector_invalid", "secret_endpoints: when: " + why};
}

void check_value(const std::string& value) {
    const auto star = value.find('*');
    const bool is_plain =
        plain_text(value) == http_syntax::lower(value) && value.find('?') == std::string::npos;
    if (value.empty() || !is_plain) refuse("\"" + value + "\" is no operation's name");
    if (star != std::string::npos && (value.size() < 4 || star != value.rfind('*')))
        refuse("\"" + value + "\" has more than one *, or little else");
}

}  // namespace

bool may_select(const Selector& selector, const Reading& reading) {
    Values values;
    for (const auto& value : selector.values) values.push_back(http_syntax::lower(value));
    if (selector.header && is_in_header(*selector.header, values, reading)) return true;
    const bool looks_inside = selector.parameter || selector.graphql || selector.body;
    if (!looks_inside) return false;
    if (reading.is_opaque()) return true;
    if ((selector.body || reading.is_doubtful()) && may_stand_in(values, reading.content().body)) return true;
    if (selector.parameter && is_in_parameter(*selector.parameter, values, reading)) return true;
    return selector.graphql && is_in_graphql(values, reading);
}

void check_selector(const Selector& selector) {
    if (!selector.header && !selector.parameter && !selector.graphql && !selector.body)
        refuse("it looks nowhere");
    if (selector.graphql == false || selector.body == false) refuse("leave out what is not so");
    if (selector.header && !http_syntax::is_field_name(*selector.header))
        refuse(*selector.header + " is no header's name");
    if (selector.parameter && plain_text(*selector.parameter).empty()) refuse("a parameter without a name");
    for (const auto& value : selector.values) check_value(value);
}

}  // namespace vault
