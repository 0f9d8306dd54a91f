#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace crypto {

inline constexpr std::size_t aead_key_size = 32;
inline constexpr std::size_t aead_overhead = 12 + 16;  ///< nonce before, tag behind the ciphertext

/// Seals with AES-256-GCM under a random 96-bit nonce: nonce, ciphertext, tag. `additional` is authenticated
/// but not contained. One key may seal 2^32 times (NIST SP 800-38D section 8.3); GCM does not commit to its
/// key: where several keys may be tried, bind the key's id. REQUIRES: a key of 32 bytes.
std::string aead_seal(std::string_view key, std::string_view plain, std::string_view additional);

/// Opens what aead_seal made. Nothing when key, additional data or a single bit is another.
std::optional<base::Secret> aead_open(std::string_view key, std::string_view sealed,
                                      std::string_view additional);

}  // namespace crypto
