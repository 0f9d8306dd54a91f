#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http_syntax/url.hpp"

namespace vault {

/// Where a service's requests may go: an exact scheme, host and port, and a path prefix ("/" for all paths).
///
/// Reads https://host[:port][/prefix]. Throws base::Error (invalid_input, "invalid_origin") for wildcards,
/// queries, other schemes and whatever http_syntax::parse_url refuses.
http_syntax::Url parse_origin(std::string_view text);

/// Whether the URL lies at the origin: same scheme, host and port, and the path is the prefix or below it.
bool is_at_origin(const http_syntax::Url& url, const http_syntax::Url& origin) noexcept;

}  // namespace vault
