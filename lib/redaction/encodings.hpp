#pragma once

#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "redaction/alphabet.hpp"

namespace redaction {

/// Secrets shorter than this cannot be told from ordinary text and are not looked for.
inline constexpr std::size_t least_size = 8;

/// A text to look for, and which characters count as the same in it.
struct Encoding {
    base::Secret text;  ///< folded: see alphabet.hpp
    Alphabet alphabet = Alphabet::bytes;
};

/// The texts in which a secret can stand besides those that unescape.hpp undoes: as it is, in base64 of
/// either alphabet behind any other bytes, in hexadecimal of either case. None is shorter than least_size;
/// there are none when the secret is.
std::vector<Encoding> encodings_of(std::string_view secret);

}  // namespace redaction
