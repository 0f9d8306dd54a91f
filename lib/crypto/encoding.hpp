#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crypto {

inline constexpr std::string_view base62_digits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Encodings of bytes as text. The readers are strict: any other character, a wrong length, missing or
/// superfluous padding, and set bits behind the last byte give nothing, so that one value has one text.

std::string hex_of(std::string_view bytes);                            ///< lower case
std::optional<std::string> bytes_of_hex(std::string_view text);        ///< either case
std::string base64_of(std::string_view bytes);                         ///< RFC 4648 section 4, padded
std::optional<std::string> bytes_of_base64(std::string_view text);     ///< padding required
std::string base64url_of(std::string_view bytes);                      ///< RFC 4648 section 5, no padding
std::optional<std::string> bytes_of_base64url(std::string_view text);  ///< padding refused

/// The number in base 62, most significant digit first, padded with zeros to `digits` characters.
/// The number must fit.
std::string base62_of_number(std::uint64_t number, std::size_t digits);
std::optional<std::uint64_t> number_of_base62(std::string_view text);

}  // namespace crypto
