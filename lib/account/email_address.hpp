#pragma once

#include <string_view>

namespace account {

/// Whether the text is a mail address that we take: ASCII, at most 254 bytes, a plain local part (no quotes,
/// no control or list characters) and a host name. A text that passes can stand in a mail's header.
bool is_email_address(std::string_view text) noexcept;

}  // namespace account
