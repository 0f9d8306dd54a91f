#pragma once

#include <string>

namespace account {

/// SHA-256 of a code from a mail as it is stored, raw: without its hyphens and spaces, in capitals. For this
/// component.
std::string digest_of_code(const std::string& code);

/// Throws base::Error (invalid_input, "email_invalid").
void require_email(const std::string& email);

}  // namespace account
