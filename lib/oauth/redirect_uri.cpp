#include "oauth/redirect_uri.hpp"

#include <algorithm>
#include <array>

namespace oauth {
namespace {

constexpr std::size_t length_limit = 2048;

constexpr std::array<std::string_view, 3> loopback_hosts{"127.0.0.1", "[::1]", "localhost"};

/// Programs that are known to take their answers this way, scheme and host exactly.
constexpr std::array<std::string_view, 2> private_origins{
    "cursor://anysphere.cursor-mcp",
    "cursor://anysphere.cursor-retrieval",
};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hexadecimal(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// RFC 3986 section 2, without '#'.
bool is_uri_character(char c) noexcept {
    return is_letter(c) || is_digit(c) ||
           std::string_view{"-._~:/?[]@!$&'()*+,;=%"}.find(c) != std::string_view::npos;
}

bool has_uri_characters_alone(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_uri_character(text[i])) return false;
        if (text[i] != '%') continue;
        if (i + 2 >= text.size() || !is_hexadecimal(text[i + 1]) || !is_hexadecimal(text[i + 2]))
            return false;
    }
    return true;
}

bool is_port(std::string_view text) noexcept {
    if (text.empty() || text.size() > 5 || text.front() == '0' || !std::ranges::all_of(text, is_digit))
        return false;
    int port = 0;
    for (const char c : text) port = port * 10 + (c - '0');
    return port <= 65535;
}

bool is_host_name(std::string_view host) noexcept {
    const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; };
    return !host.empty() && host.size() <= 253 && (is_letter(host.front()) || is_digit(host.front())) &&
           std::ranges::all_of(host, fits) && host.find("..") == std::string_view::npos;
}

bool is_address_literal(std::string_view host) noexcept {
    if (host.size() < 4 || host.front() != '[' || host.back() != ']') return false;
    const auto fits = [](char c) { return is_hexadecimal(c) || c == ':' || c == '.'; };
    return std::ranges::all_of(host.substr(1, host.size() - 2), fits);
}

struct Parts {
    std::string_view scheme;
    std::string_view host;
    std::string_view port;
    std::string_view target;
};

std::optional<Parts> split(std::string_view uri) noexcept {
    const auto colon = uri.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    const auto rest = uri.substr(colon + 3);
    const auto authority = rest.substr(0, rest.find_first_of("/?"));
    if (authority.find('@') != std::string_view::npos) return std::nullopt;
    Parts parts{uri.substr(0, colon), authority, {}, rest.substr(authority.size())};
    const auto bracket = authority.find(']');
    const auto port = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (port == std::string_view::npos) return parts;
    parts.host = authority.substr(0, port);
    parts.port = authority.substr(port + 1);
    if (!is_port(parts.port)) return std::nullopt;
    return parts;
}

bool is_listed_private_origin(std::string_view uri, const Parts& parts) noexcept {
    return parts.port.empty() &&
           std::ranges::find(private_origins, uri.substr(0, uri.size() - parts.target.size())) !=
               private_origins.end();
}

}  // namespace

std::optional<RedirectUri> parse_redirect_uri(std::string_view uri) noexcept {
    if (uri.size() > length_limit || !has_uri_characters_alone(uri)) return std::nullopt;
    const auto parts = split(uri);
    if (!parts) return std::nullopt;
    const auto as = [&](RedirectKind kind) { return RedirectUri{kind, parts->host, parts->target}; };
    if (parts->scheme == "https") {
        if (!is_host_name(parts->host) && !is_address_literal(parts->host)) return std::nullopt;
        return as(RedirectKind::https);
    }
    if (parts->scheme == "http") {
        if (std::ranges::find(loopback_hosts, parts->host) == loopback_hosts.end()) return std::nullopt;
        return as(RedirectKind::loopback);
    }
    if (is_listed_private_origin(uri, *parts)) return as(RedirectKind::private_scheme);
    return std::nullopt;
}

bool matches_redirect_uri(std::string_view registered, std::string_view requested) noexcept {
    const auto left = parse_redirect_uri(registered);
    const auto right = parse_redirect_uri(requested);
    if (!left || !right) return false;
    if (registered == requested) return true;
    return left->kind == RedirectKind::loopback && right->kind == RedirectKind::loopback &&
           left->host == right->host && left->target == right->target;
}

std::optional<std::string> choose_redirect_uri(const std::vector<std::string>& registered,
                                               const std::optional<std::string>& requested) {
    if (!requested) {
        if (registered.size() != 1) return std::nullopt;
        return registered.front();
    }
    const auto matches = [&](const std::string& uri) { return matches_redirect_uri(uri, *requested); };
    if (std::ranges::none_of(registered, matches)) return std::nullopt;
    return requested;
}

}  // namespace oauth
