#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "jose/public_key.hpp"
#include "jose/signing_key.hpp"

namespace jose {

/// A compact JSON Web Signature taken apart (RFC 7515 section 7.1). Nothing in it is verified.
struct Jws {
    Algorithm algorithm = Algorithm::es256;
    std::string key_id;  ///< `kid`, empty when absent
    std::string type;    ///< `typ`, empty when absent
    std::string payload;
    std::string signature;
    std::string_view signing_input;  ///< a part of the text it was parsed from
};

/// Nothing when the text is longer than 16 KiB, malformed, of an algorithm that Algorithm does not name
/// (`none` among them), or critical of what is not understood (`crit`). Keys that the header brings along
/// or points to (`jwk`, `jku`, `x5c`, `x5u`) are ignored.
std::optional<Jws> parse_jws(std::string_view text);

bool is_signed_by(const PublicKey& key, const Jws& jws);

/// The compact form over `payload`, with `alg`, `kid` and `typ` in its header.
std::string sign_jws(const SigningKey& key, std::string_view type, std::string_view payload);

}  // namespace jose
