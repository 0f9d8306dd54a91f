#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "jose/public_key.hpp"

namespace jose {

/// A JSON Web Key Set (RFC 7517 section 5).
class KeySet {
public:
    KeySet() = default;
    explicit KeySet(std::vector<PublicKey> keys) : keys_{std::move(keys)} {}

    /// Keys that PublicKey does not read are left out, as the RFC asks. Throws base::Error (invalid_input,
    /// "jwks_invalid") when it is no set of at most 100 keys.
    static KeySet parse(const nlohmann::json& jwks);

    /// The key that a signature claims to be of: the one with this id, or, without an id, the only one that
    /// does the algorithm. Null when there is none.
    const PublicKey* find(std::string_view id, Algorithm algorithm) const;

    const std::vector<PublicKey>& keys() const noexcept { return keys_; }
    nlohmann::json jwks() const;

private:
    std::vector<PublicKey> keys_;
};

}  // namespace jose
