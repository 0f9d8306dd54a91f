#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace jose {

/// How a signature is made (RFC 7518 section 3.1, RFC 8037). There is no "none", and nothing symmetric: a
/// public key can then never be taken for a shared secret.
enum class Algorithm : std::uint8_t {
    es256,  ///< ECDSA on P-256 with SHA-256
    rs256,  ///< RSASSA-PKCS1-v1_5 with SHA-256
    ps256,  ///< RSASSA-PSS with SHA-256
    eddsa,  ///< Ed25519
};

/// The name on the wire, such as ES256. Case matters.
std::string_view name_of(Algorithm algorithm);
std::optional<Algorithm> algorithm_of(std::string_view name);

}  // namespace jose
