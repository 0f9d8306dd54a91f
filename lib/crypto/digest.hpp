#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace crypto {

/// SHA-256 (FIPS 180-4): 32 raw bytes.
std::string sha256(std::string_view bytes);
/// The same as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// HMAC-SHA-256 (RFC 2104): 32 raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

/// HKDF-SHA-256, extract and expand (RFC 5869); at most 8160 bytes.
base::Secret hkdf_sha256(std::string_view input_key, std::string_view salt, std::string_view info,
                         std::size_t size);

}  // namespace crypto
