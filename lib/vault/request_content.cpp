#include "vault/request_content.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "http_syntax/field.hpp"
#include "http_syntax/url.hpp"
#include "schema/json.hpp"
#include "vault/spelling.hpp"

namespace vault {
namespace {

using http_syntax::lower;
using nlohmann::json;

std::optional<json> json_of(std::string_view text) {
    try {
        return schema::parse(text);
    } catch (const base::Error&) {
        return std::nullopt;
    }
}

std::string outer_name(const std::string& name) { return name.substr(0, name.find('[')); }

void visit_form(std::string_view text, const char* separators, const Reading::Visit& visit) {
    while (!text.empty()) {
        const auto pair = text.substr(0, text.find_first_of(separators));
        text.remove_prefix(std::min(pair.size() + 1, text.size()));
        const auto equals = std::min(pair.find('='), pair.size());
        const auto value = pair.substr(std::min(equals + 1, pair.size()));
        visit(outer_name(http_syntax::percent_decode(pair.substr(0, equals), true)),
              http_syntax::percent_decode(value, true));
    }
}

/// Some readers take a semicolon for a separator, and some for a part of the value.
void visit_form(std::string_view text, const Reading::Visit& visit) {
    visit_form(text, "&", visit);
    if (text.find(';') != std::string_view::npos) visit_form(text, "&;", visit);
}

void visit_value(std::string_view name, const json& value, const Reading::Visit& visit) {
    if (value.is_string()) return visit(name, value.get_ref<const std::string&>());
    if (!value.is_structured()) return visit(name, schema::dump(value));
    for (const auto& [key, below] : value.items()) {
        if (value.is_object()) visit(name, key);
        visit_value(name, below, visit);
    }
}

void visit_members(const json& value, const Reading::Visit& visit) {
    if (!value.is_structured()) return;
    for (const auto& [name, below] : value.items())
        value.is_object() ? visit_value(name, below, visit) : visit_members(below, visit);
}

std::string field_of(const RequestContent& content, std::string_view name) {
    for (const auto& [known, value] : content.fields) {
        if (known == name) return lower(value);
    }
    return {};
}

bool has_odd_charset(const std::string& content_type) {
    const auto at = content_type.find("charset");
    if (at == std::string::npos) return false;
    const auto begin = content_type.find_first_not_of(" \t=\"'", at + 7);
    if (begin == std::string::npos) return true;
    const auto name = content_type.substr(begin, content_type.find_first_of("\"'; \t,", begin) - begin);
    const bool is_again = content_type.find("charset", begin) != std::string::npos;
    return is_again || (name != "utf-8" && name != "us-ascii" && name != "iso-8859-1");
}

bool looks_like_json(std::string_view body) {
    for (const char c : body) {
        if (c == '{' || c == '[') return true;
        if (c > ' ' && c < 0x7f) return false;
    }
    return false;
}

}  // namespace

Reading::Reading(const RequestContent& content)
    : content_{content},
      type_{field_of(content, "content-type")},
      json_{json_of(content.body)},
      is_multipart_{type_.find("multipart") != std::string::npos ||
                    (!json_ && lower(content.body).find("content-disposition") != std::string::npos)} {}

void Reading::visit_parameters(const Visit& visit) const {
    visit_form(content_.query, visit);
    if (!json_ || type_.find("json") == std::string::npos) visit_form(content_.body, visit);
    if (json_) visit_members(*json_, visit);
}

bool Reading::is_opaque() const {
    if (content_.body.empty()) return false;
    const auto encoding = field_of(content_, "content-encoding");
    return (!encoding.empty() && encoding != "identity") || has_odd_charset(type_) ||
           (is_multipart_ && lower(content_.body).find("content-transfer-encoding") != std::string::npos);
}

bool Reading::is_doubtful() const {
    if (content_.body.empty()) return false;
    return is_multipart_ ||
           (!json_ && (looks_like_json(content_.body) || type_.find("json") != std::string::npos));
}

}  // namespace vault
