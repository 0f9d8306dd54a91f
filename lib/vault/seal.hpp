#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "auth/principal.hpp"
#include "base/secret.hpp"
#include "base/uuid.hpp"
#include "vault/service.hpp"
#include "vault/workspace_key.hpp"

namespace vault {

/// Where a sealed value belongs. It opens there and nowhere else: not for another service, field or version,
/// and not once somebody changed where the credential may be sent.
struct FieldPlace {
    auth::WorkspaceId workspace;
    ServiceId service;
    std::string_view field;
    std::int64_t version = 1;
    std::string_view use_digest;  ///< of connector, auth method, origins and settings: see use_digest_of
};

/// SHA-256 of what decides where and how a credential is sent.
std::string use_digest_of(const std::string& connector, const std::string& auth_method,
                          const std::vector<std::string>& origins,
                          const std::map<std::string, std::string>& settings);

/// Seals one value with the public half of a workspace's key pair:
///
///     1 byte   format, 1
///     16       id of the key pair
///     32       ephemeral X25519 public key
///     32       key commitment: HMAC-SHA-256 over place and ciphertext, under a key of its own
///     rest     AES-256-GCM: nonce, ciphertext, tag; additional data: the place
///
/// Both keys come from HKDF-SHA-256 over the agreed secret, salted with the header up to the commitment.
std::string seal_field(const SealingKey& key, const FieldPlace& place, const base::Secret& value);

/// Parts of the format that sealing and opening share.
namespace sealed_format {
inline constexpr char version = 1;
inline constexpr std::size_t key_id_at = 1;
inline constexpr std::size_t ephemeral_at = 17;
inline constexpr std::size_t commitment_at = 49;
inline constexpr std::size_t body_at = 81;

std::string additional_data(const FieldPlace& place);
/// 64 bytes: encryption key, commitment key.
base::Secret derive_keys(const base::Secret& agreed, std::string_view header);
}  // namespace sealed_format

}  // namespace vault
