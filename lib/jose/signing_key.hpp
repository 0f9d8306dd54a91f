#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "jose/public_key.hpp"

namespace jose {

/// A private key, made or parsed once, used from any thread. Its id is the thumbprint of its public half.
class SigningKey {
public:
    /// REQUIRES: es256 or rs256 (2048 bits).
    static SigningKey create(Algorithm algorithm);
    /// Reads what private_der() gave; nothing when it is no such key.
    static std::optional<SigningKey> parse(Algorithm algorithm, std::string_view der);

    const std::string& id() const noexcept { return id_; }
    Algorithm algorithm() const noexcept { return algorithm_; }
    /// A signature in the form of RFC 7518 section 3.
    std::string sign(std::string_view input) const;

    base::Secret private_der() const;
    /// With `kid` and `alg`.
    PublicKey public_key() const;

private:
    SigningKey(Algorithm algorithm, std::shared_ptr<evp_pkey_st> key);

    Algorithm algorithm_;
    std::shared_ptr<evp_pkey_st> key_;
    std::string id_;
};

}  // namespace jose
