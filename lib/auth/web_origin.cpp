#include <algorithm>
#include <charconv>

#include "auth/publishable_key.hpp"

namespace auth {
namespace {

constexpr std::string_view https = "https://";
constexpr std::string_view http = "http://";

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

bool is_host_name(std::string_view host) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, is_plain) &&
           host.front() != '.' && host.front() != '-' && host.back() != '.' &&
           host.find("..") == std::string_view::npos;
}

bool is_port(std::string_view digits, int without) {
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return !digits.empty() && digits.front() != '0' && error == std::errc{} &&
           end == digits.data() + digits.size() && number > 0 && number < 65536 && number != without;
}

}  // namespace

bool is_web_origin(std::string_view text) {
    const bool is_secure = text.starts_with(https);
    if (!is_secure && !text.starts_with(http)) return false;
    text.remove_prefix(is_secure ? https.size() : http.size());
    const auto colon = text.ends_with(']') ? std::string_view::npos : text.rfind(':');
    const auto host = text.substr(0, colon);
    if (colon != std::string_view::npos && !is_port(text.substr(colon + 1), is_secure ? 443 : 80))
        return false;
    return is_loopback(host) || (is_secure && is_host_name(host));
}

}  // namespace auth
