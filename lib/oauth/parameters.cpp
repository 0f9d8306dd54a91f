#include "oauth/parameters.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "http/media_type.hpp"
#include "http/uri.hpp"
#include "oauth/error.hpp"

namespace oauth {
namespace {

constexpr std::string_view repeatable = "resource";

}  // namespace

Parameters Parameters::parse(std::string_view encoded) {
    auto pairs = http::parse_query(encoded);
    if (!pairs) throw refusal("invalid_request", "the parameters are not form-encoded");
    Parameters parameters;
    std::vector<std::string> seen;
    for (auto& pair : *pairs) {
        if (!base::is_utf8(pair.first) || !base::is_utf8(pair.second))
            throw refusal("invalid_request", "the parameters are not UTF-8");
        if (pair.first != repeatable && std::ranges::find(seen, pair.first) != seen.end())
            throw refusal("invalid_request", "a parameter comes twice");
        seen.push_back(pair.first);
        if (!pair.second.empty()) parameters.pairs_.push_back(std::move(pair));
    }
    return parameters;
}

Parameters Parameters::of_form(const http::Request& request) {
    if (!http::is_media_type(request.field("content-type"), "application/x-www-form-urlencoded"))
        throw refusal("invalid_request", "send the parameters as application/x-www-form-urlencoded");
    return parse(request.body);
}

const std::string& Parameters::text(std::string_view name) const noexcept {
    static const std::string absent;
    for (const auto& [known, value] : pairs_) {
        if (known == name) return value;
    }
    return absent;
}

const std::string& Parameters::require(const char* name) const {
    const auto& value = text(name);
    if (value.empty()) throw refusal("invalid_request", std::string{"the parameter "} + name + " is missing");
    return value;
}

std::optional<std::string> Parameters::find(std::string_view name) const {
    const auto& value = text(name);
    return value.empty() ? std::nullopt : std::make_optional(value);
}

std::vector<std::string> Parameters::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [known, value] : pairs_) {
        if (known == name) values.push_back(value);
    }
    return values;
}

}  // namespace oauth
