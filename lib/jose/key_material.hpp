#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "jose/evp.hpp"

namespace jose {

/// Public keys from the numbers of a JSON Web Key; nothing unless they are a sound key. For this component.
evp::Key ec_p256_key(std::string_view x, std::string_view y);
evp::Key rsa_key(std::string_view modulus, std::string_view exponent);
evp::Key ed25519_key(std::string_view x);

/// ECDSA signatures: r and s of 32 bytes each (RFC 7518 section 3.4) and DER, as OpenSSL has them.
std::optional<std::string> der_of_signature(std::string_view r_and_s);
std::optional<std::string> signature_of_der(std::string_view der);

}  // namespace jose
