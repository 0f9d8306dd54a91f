#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace crypto {

/// A key pair for Diffie-Hellman on curve 25519 (RFC 7748); both halves are 32 raw bytes.
struct KeyPair {
    std::string public_key;
    base::Secret private_key;
};

KeyPair create_x25519_keys();

/// The public half of a private one.
std::string x25519_public_key(std::string_view private_key);

/// The shared secret, 32 bytes: derive keys from it, never use it as one. Nothing when the public key is
/// malformed or of small order (RFC 7748 section 6.1).
std::optional<base::Secret> x25519_agree(std::string_view private_key, std::string_view public_key);

}  // namespace crypto
