#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "db/session.hpp"

namespace auth {

/// What a presented API key says: ghk_<26 characters id>_<43 characters secret><6 characters CRC-32>.
struct PresentedKey {
    KeyId id;
    std::string secret_sha256;  ///< raw, 32 bytes
};

/// Reads a presented key; nothing when its form or checksum is wrong, so that typing errors never reach the
/// database.
std::optional<PresentedKey> parse_api_key(std::string_view text);

/// A key as it is listed; the secret cannot be read back.
struct ApiKey {
    KeyId id;
    UserId user;
    std::string name;
    Scopes scopes;
    base::Clock::time_point created_at;
    std::optional<base::Clock::time_point> expires_at;
    std::optional<base::Clock::time_point> disabled_at;
    std::optional<base::Clock::time_point> last_used_at;
};

/// A key just made: `text` is shown once and never again.
struct NewApiKey {
    KeyId id;
    base::Secret text;
};

struct ApiKeyRequest {
    WorkspaceId workspace;
    UserId user;
    std::string name;
    Scopes scopes;
    std::optional<std::chrono::seconds> lifetime;  ///< without it the key does not expire
};

/// All of these need a session in the scope of the key's workspace.
/// Throws base::Error (invalid_input, "not_a_member"); a key ends with the membership of its user.
NewApiKey create_api_key(db::Session& session, const ApiKeyRequest& request);
std::vector<ApiKey> list_api_keys(db::Session& session);
/// A new secret for the same id, name, scopes and expiry; the old one is refused from now on.
/// Throws base::Error (not_found, "key_not_found"), as do the next three.
NewApiKey rotate_api_key(db::Session& session, const KeyId& id);
void disable_api_key(db::Session& session, const KeyId& id);
void delete_api_key(db::Session& session, const KeyId& id);
/// SHA-256 of the key's secret, raw: what proves the key to egress, and to nobody else.
std::string secret_digest_of(db::Session& session, const KeyId& id);

}  // namespace auth
