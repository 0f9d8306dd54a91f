#include "oauth/resource.hpp"

#include <algorithm>

namespace oauth {
namespace {

constexpr std::size_t length_limit = 2048;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is_printable(char c) { return c > 0x20 && c < 0x7f; }

bool is_slug(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

}  // namespace

std::optional<std::string> canonical_resource(std::string_view uri) {
    if (uri.size() > length_limit || !std::ranges::all_of(uri, is_printable)) return std::nullopt;
    const auto colon = uri.find("://");
    if (colon == std::string_view::npos || uri.find('#') != std::string_view::npos) return std::nullopt;
    const auto end = std::min(uri.find_first_of("/?", colon + 3), uri.size());
    std::string origin{uri.substr(0, end)};
    std::ranges::transform(origin, origin.begin(), lower);
    const bool is_https = origin.starts_with("https://");
    if (!is_https && !origin.starts_with("http://")) return std::nullopt;
    if (end == colon + 3 || origin.find('@') != std::string::npos) return std::nullopt;
    const std::string_view port = is_https ? ":443" : ":80";
    if (origin.ends_with(port)) origin.resize(origin.size() - port.size());
    auto target = uri.substr(end);
    if (target.ends_with('/') && target.find('?') == std::string_view::npos) target.remove_suffix(1);
    return origin.append(target);
}

std::optional<std::string> endpoint_of_resource(const std::string& public_url, std::string_view resource) {
    if (!resource.starts_with(public_url)) return std::nullopt;
    const auto path = resource.substr(public_url.size());
    constexpr std::string_view pinned = "/v1/";
    if (path == "/mcp" || (path.starts_with(pinned) && is_slug(path.substr(pinned.size())))) {
        return std::string{path};
    }
    return std::nullopt;
}

}  // namespace oauth
