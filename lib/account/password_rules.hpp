#pragma once

#include <string_view>

#include "base/secret.hpp"

namespace account {

/// NIST SP 800-63B section 5.1.1.2: at least 8 characters (not bytes), any character, no rules of
/// composition; refused when it is common, breached, a pattern, or made of what is known about the person
/// (zxcvbn's lists and patterns: fewer than 10^8 guesses).
///
/// Throws base::Error (invalid_input): "password_too_short", "password_too_long" (over 256 bytes),
/// "password_malformed" (not UTF-8), "password_too_common".
void require_good_password(const base::Secret& password, std::string_view email, std::string_view name);

}  // namespace account
