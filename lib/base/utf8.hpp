#pragma once

#include <string_view>

namespace base {

/// Whether the bytes are well-formed UTF-8 (RFC 3629).
bool is_utf8(std::string_view bytes) noexcept;

}  // namespace base
