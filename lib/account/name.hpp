#pragma once

#include <string_view>

namespace account {

/// A person's name: at most 100 bytes of text without control characters. Throws base::Error (invalid_input,
/// "name_invalid").
void require_name(std::string_view name);

}  // namespace account
