#pragma once

#include <string>
#include <string_view>

namespace http_syntax {

inline constexpr std::size_t field_value_limit = 8192;

/// ASCII letters in lower case: how names are compared.
std::string lower(std::string_view text);

/// 1 to 64 token characters (RFC 9110 section 5.1).
bool is_field_name(std::string_view name) noexcept;
/// At most 8 KiB, no control character but the tab.
bool is_field_value(std::string_view value) noexcept;

}  // namespace http_syntax
