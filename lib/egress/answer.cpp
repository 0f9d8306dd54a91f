#include "egress/answer.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "crypto/encoding.hpp"
#include "http_syntax/field.hpp"
#include "schema/json.hpp"

namespace egress {
namespace {

using egress_client::CallResult;
using egress_client::json;

constexpr int nesting_limit = 48;  ///< leaves room for what is put around it

bool is_useful(std::string_view name) {
    static constexpr std::array names{
        std::string_view{"content-type"},
        std::string_view{"content-language"},
        std::string_view{"etag"},
        std::string_view{"last-modified"},
        std::string_view{"link"},
        std::string_view{"location"},
        std::string_view{"retry-after"},
        std::string_view{"x-request-id"},
        std::string_view{"request-id"},
        std::string_view{"x-github-request-id"},
        std::string_view{"x-total-count"},
        std::string_view{"x-next-page"},
        std::string_view{"x-total"},
        std::string_view{"deprecation"},
        std::string_view{"x-amzn-requestid"},
        std::string_view{"sunset"},
    };
    return std::find(names.begin(), names.end(), name) != names.end() ||
           name.find("ratelimit") != std::string_view::npos ||
           name.find("rate-limit") != std::string_view::npos;
}

std::string safe_location(std::string_view location, const http_syntax::Url& target) {
    if (location.starts_with('/') && !location.starts_with("//"))
        return std::string{location.substr(0, location.find('#'))};
    try {
        const auto url = http_syntax::parse_url(location.substr(0, location.find('#')));
        return url.origin() == target.origin() ? url.text() : url.origin() + "/";
    } catch (const base::Error&) {
        return "";
    }
}

int depth_of(const json& value) {
    if (!value.is_structured()) return 0;
    int deepest = 0;
    for (const auto& element : value) deepest = std::max(deepest, depth_of(element));
    return deepest + 1;
}

std::optional<json> json_of(const std::string& type, const std::string& body) {
    if (type.find("json") == std::string::npos || type.find("json-seq") != std::string::npos ||
        type.find("ndjson") != std::string::npos)
        return std::nullopt;
    try {
        auto value = schema::parse(body);
        if (depth_of(value) <= nesting_limit && !value.is_null()) return value;
    } catch (const base::Error&) {
    }
    return std::nullopt;
}

void set_body(CallResult& result, std::string body) {
    if (body.empty()) return;
    const auto type = result.headers.find("content-type");
    if (!result.truncated && type != result.headers.end()) {
        result.body_json = json_of(http_syntax::lower(type->second), body);
        if (result.body_json) return;
    }
    if (base::is_utf8(body) && body.find('\0') == std::string::npos)
        result.body = std::move(body);
    else
        result.body_base64 = crypto::base64_of(body);
}

/// A cut may have gone through a character of several bytes.
void drop_partial_character(std::string& body) {
    for (std::size_t cut = 0; cut < std::min<std::size_t>(4, body.size()); ++cut) {
        if (!base::is_utf8(std::string_view{body}.substr(0, body.size() - cut))) continue;
        body.resize(body.size() - cut);
        return;
    }
}

}  // namespace

CallResult result_of(http_client::Response response, const http_syntax::Url& target,
                     const redaction::Patterns& patterns) {
    CallResult result;
    result.status = response.status;
    result.truncated = response.truncated;
    for (auto& [name, value] : response.fields) {
        if (!is_useful(name)) continue;
        auto shown = name == "location" ? safe_location(value, target) : std::move(value);
        result.redactions += redaction::redact(patterns, shown);
        auto& member = result.headers[name];
        member += member.empty() ? shown : ", " + shown;
    }
    if (response.truncated) drop_partial_character(response.body);
    set_body(result, std::move(response.body));
    return result;
}

}  // namespace egress
