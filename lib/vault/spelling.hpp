#pragma once

#include <string>
#include <string_view>

namespace vault {

/// Percent-decoded as often as anything changes, in linear time.
std::string wholly_decoded(std::string_view text);

/// What a careless reader takes a text for: wholly decoded, in lower case, without spaces and control
/// characters, and with a '?' for each character outside ASCII, which some readers take for one inside.
std::string plain_text(std::string_view text);

/// Whether the plain text may be what the pattern says: '*', once at most, stands for any characters. The
/// pattern is plain, too.
bool resembles(std::string_view pattern, std::string_view plain) noexcept;

/// Whether what the pattern says may stand somewhere in the plain text.
bool may_contain(std::string_view plain, std::string_view pattern) noexcept;

}  // namespace vault
