#pragma once

#include <string>
#include <string_view>

namespace egress {

/// Whether `path` has the pattern's segments; "*" stands for any one segment.
bool matches(std::string_view pattern, std::string_view path) noexcept;

}  // namespace egress
