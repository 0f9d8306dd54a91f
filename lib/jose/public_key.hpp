#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jose/algorithm.hpp"

struct evp_pkey_st;

namespace jose {

/// A public key, parsed once, used from any thread: EC P-256, RSA of 2048 to 8192 bits, or Ed25519.
class PublicKey {
public:
    /// Reads a JSON Web Key (RFC 7517). Nothing when it is of another kind, not meant for signatures (`use`,
    /// `key_ops`), malformed, weak, off its curve, or holds a private part.
    static std::optional<PublicKey> parse(const nlohmann::json& jwk);

    /// The `kid`, empty when the key has none.
    const std::string& id() const noexcept { return id_; }
    /// Whether the key may make signatures of this kind: its `alg` decides, else its type.
    bool does(Algorithm algorithm) const noexcept;
    /// Whether `signature` (in the form of RFC 7518 section 3) is this key's over `input`. False as well for
    /// an algorithm that the key does not do.
    bool verifies(Algorithm algorithm, std::string_view input, std::string_view signature) const;

    /// The members that make the key, with `kid` when it has one and `alg` when there is one alone.
    nlohmann::json jwk() const;
    /// RFC 7638 with SHA-256, in base64url.
    std::string thumbprint() const;

private:
    PublicKey() = default;

    std::vector<Algorithm> algorithms_;
    std::string id_;
    std::string required_members_;  ///< JSON text, members sorted: what the thumbprint is made of
    std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace jose
