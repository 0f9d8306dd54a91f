#include "http/own_page.hpp"

#include <algorithm>

namespace http {
namespace {

bool is_plain(char c) { return c > ' ' && c < 0x7f && c != '\\'; }

}  // namespace

bool is_from_own_page(const Request& request, std::string_view public_url) noexcept {
    const auto site = request.field("sec-fetch-site");
    if (!site.empty()) return site == "same-origin";
    const auto origin = request.field("origin");
    return origin.empty() || origin == "null" || origin == public_url;
}

std::string_view own_path(std::string_view text, std::string_view fallback) noexcept {
    const bool is_own = text.size() <= 4096 && text.starts_with('/') && !text.starts_with("//") &&
                        std::all_of(text.begin(), text.end(), is_plain);
    return is_own ? text : fallback;
}

}  // namespace http
