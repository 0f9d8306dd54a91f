#include "http/cookie.hpp"

#include <algorithm>

namespace http {
namespace {

constexpr std::string_view attributes = "; Path=/; Secure; HttpOnly; SameSite=Lax";

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::string cookie_of(const Request& request, std::string_view name) {
    auto rest = request.field("cookie");
    std::optional<std::string_view> found;
    while (!rest.empty()) {
        const auto pair = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || trim(pair.substr(0, equals)) != name) continue;
        if (found) return {};
        found = trim(pair.substr(equals + 1));
    }
    return std::string{found.value_or("")};
}

std::string set_cookie(std::string_view name, std::string_view value,
                       std::optional<std::chrono::seconds> age) {
    std::string field{name};
    (field += '=') += value;
    field += attributes;
    if (age) field += "; Max-Age=" + std::to_string(age->count());
    return field;
}

std::string forget_cookie(std::string_view name) { return set_cookie(name, "", std::chrono::seconds{0}); }

}  // namespace http
