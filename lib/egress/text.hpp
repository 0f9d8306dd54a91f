#pragma once

#include <string>
#include <string_view>

namespace egress {

/// Whether the bytes are well-formed UTF-8 (RFC 3629).
bool is_utf8(std::string_view bytes) noexcept;

/// Whether `path` has the pattern's segments; "*" stands for any one segment.
bool matches(std::string_view pattern, std::string_view path) noexcept;

}  // namespace egress
