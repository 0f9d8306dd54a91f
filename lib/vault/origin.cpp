#include "vault/origin.hpp"

#include "base/error.hpp"

namespace vault {

http_syntax::Url parse_origin(std::string_view text) {
    try {
        auto url = http_syntax::parse_url(text);
        if (text.find('?') == std::string_view::npos) return url;
    } catch (const base::Error&) {
    }
    throw base::Error{base::Reason::invalid_input, "invalid_origin",
                      "\"" + std::string{text} +
                          "\" is no origin: write https://host, with a port and a path "
                          "prefix if need be, without wildcards"};
}

bool is_at_origin(const http_syntax::Url& url, const http_syntax::Url& origin) noexcept {
    if (url.scheme != origin.scheme || url.host != origin.host || url.port != origin.port) return false;
    std::string_view prefix = origin.path;
    if (prefix.ends_with('/')) prefix.remove_suffix(1);
    return url.path.starts_with(prefix) &&
           (url.path.size() == prefix.size() || url.path[prefix.size()] == '/');
}

}  // namespace vault
