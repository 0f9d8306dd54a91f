#include "http_syntax/url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "http_syntax/field.hpp"

namespace http_syntax {
namespace {

[[noreturn]] void refuse(const std::string& why) {
    throw base::Error{base::Reason::invalid_input, "invalid_url", "the URL cannot be used: " + why};
}

void check_characters(std::string_view text) {
    for (const char c : text) {
        if (c <= 0x20 || c == 0x7f) refuse("it has a space, control or non-ASCII character");
        if (c == '\\') refuse("it has a backslash");
        if (c == '#') refuse("it has a fragment");
    }
}

std::string scheme_of(std::string_view text) {
    const auto end = text.find("://");
    if (end == std::string_view::npos) refuse("it must begin with https:// or be a path");
    auto scheme = lower(text.substr(0, end));
    if (scheme != "https" && scheme != "http") refuse("only https is spoken");
    return scheme;
}

std::optional<std::uint16_t> default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    return std::all_of(label.begin(), label.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

bool looks_numeric(std::string_view host) {
    const auto label = host.substr(host.rfind('.') + 1);
    return label.find_first_not_of("0123456789") == std::string_view::npos || label.starts_with("0x");
}

}  // namespace

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

bool is_address(std::string_view host) {
    in_addr address{};
    return ::inet_pton(AF_INET, std::string{host}.c_str(), &address) == 1;
}

std::optional<std::string> canonical_host(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    if (host.empty() || host.size() > 253) return std::nullopt;
    auto name = lower(host);
    for (std::string_view rest = name;;) {
        const auto dot = rest.find('.');
        if (!is_label(rest.substr(0, dot))) return std::nullopt;
        if (dot == std::string_view::npos) break;
        rest.remove_prefix(dot + 1);
    }
    if (looks_numeric(name) && !is_address(name)) return std::nullopt;
    return name;
}

Url parse_url(std::string_view text) {
    check_characters(text);
    Url url;
    url.scheme = scheme_of(text);
    const auto rest = text.substr(url.scheme.size() + 3);
    const auto authority = rest.substr(0, rest.find_first_of("/?"));
    if (authority.find_first_of("@%[]") != std::string_view::npos)
        refuse("user information, percent signs and brackets are not allowed before the path");
    const auto colon = authority.find(':');
    const auto host = canonical_host(authority.substr(0, colon));
    if (!host) refuse("its host is no plain host name");
    const auto port =
        colon == std::string_view::npos ? default_port(url.scheme) : parse_port(authority.substr(colon + 1));
    if (!port) refuse("its port is none");
    url.host = *host;
    url.port = *port;
    auto tail = rest.substr(authority.size());
    const auto question = std::min(tail.find('?'), tail.size());
    url.path = question == 0 ? "/" : canonical_path(tail.substr(0, question));
    if (question < tail.size()) url.query = tail.substr(question + 1);
    return url;
}

std::string Url::origin() const {
    auto text = scheme + "://" + host;
    if (port != *default_port(scheme)) text += ':' + std::to_string(port);
    return text;
}

std::string Url::text() const {
    auto text = origin() + path;
    if (!query.empty()) text += '?' + query;
    return text;
}

}  // namespace http_syntax
