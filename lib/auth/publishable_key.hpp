#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.hpp"
#include "base/clock.hpp"
#include "db/database.hpp"

namespace auth {

struct PublishableKeyTag {
    static constexpr std::string_view prefix = "pub";
};
using PublishableKeyId = base::Id<PublishableKeyTag>;

/// A key that may stand in a web page: gpk_<26 characters of its id><6 characters CRC-32>. It is no secret.
/// It may call read-only tools that are meant for everyone, from pages of its origins alone.
struct PublishableKey {
    PublishableKeyId id;
    UserId user;
    std::string name;
    std::vector<std::string> allowed_origins;
    base::Clock::time_point created_at;
    std::optional<base::Clock::time_point> disabled_at;

    std::string text() const;
};

struct PublishableKeyRequest {
    WorkspaceId workspace;
    UserId user;
    std::string name;
    std::vector<std::string> allowed_origins;
};

bool has_form_of_publishable_key(std::string_view text) noexcept;

/// Whether a text is a web origin as a browser spells it (RFC 6454 section 6.2): https, or http at a loopback
/// name; lower case, no default port, no path.
bool is_web_origin(std::string_view text);

/// Who calls with this key from a page of that origin.
/// Throws base::Error: unauthenticated "credential_invalid"; forbidden "origin_not_allowed".
Principal find_publishable_key(db::Database& database, std::string_view text, std::string_view origin);

/// Whether some live key is meant for pages of that origin: all that a preflight request can be asked.
bool is_origin_of_some_key(db::Database& database, std::string_view origin);

/// All of these need a session in the scope of the key's workspace.
/// Throws base::Error (invalid_input): "origin_invalid" (one to 20 of them), "not_a_member".
PublishableKey create_publishable_key(db::Session& session, const PublishableKeyRequest& request);
std::vector<PublishableKey> list_publishable_keys(db::Session& session);
/// Throws base::Error (not_found, "key_not_found"), as does the next.
void disable_publishable_key(db::Session& session, const PublishableKeyId& id);
void delete_publishable_key(db::Session& session, const PublishableKeyId& id);

}  // namespace auth
