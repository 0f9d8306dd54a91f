#pragma once

#include <cstddef>
#include <string_view>

namespace oauth {

/// Code points of valid UTF-8.
std::size_t length_of(std::string_view text) noexcept;

}  // namespace oauth
