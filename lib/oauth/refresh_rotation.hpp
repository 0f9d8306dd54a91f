#pragma once

#include <optional>
#include <span>
#include <string>

#include "auth/principal.hpp"
#include "base/config.hpp"
#include "db/database.hpp"
#include "db/group.hpp"
#include "oauth/client.hpp"
#include "oauth/server_keys.hpp"
#include "oauth/token_grant.hpp"

namespace oauth {

struct RefreshRequest {
    std::string refresh_token;
    std::optional<std::string> client_id;  ///< as named; without it the token alone tells the client
    std::optional<auth::Scopes> scopes;    ///< a part of what was granted; else all of it
    std::optional<std::string> resource;
};

/// Replaces refresh tokens by their successors (OAuth 2.1 section 4.3). Those that come at the same time are
/// replaced by one statement and become durable with one commit; each is answered by what it proved itself.
/// Safe from any thread.
class RefreshRotation {
public:
    RefreshRotation(db::Database& database, const ServerKeys& keys, const base::Config::Tokens& settings);

    /// Committed when it returns. Whoever repeats the request within the grace is given the same successor.
    /// `client`: one that has authenticated; null when the request proved no client.
    ///
    /// Throws refusal: "invalid_grant", "invalid_target", "invalid_scope", "invalid_client"; base::Error
    /// (unavailable) when trying again helps.
    TokenGrant rotate(const Client* client, const RefreshRequest& request);

private:
    struct Rotation;
    void rotate_together(std::span<Rotation*> rotations);
    TokenGrant rotate_alone(Rotation& rotation, const std::optional<auth::Scopes>& wanted);

    db::Database& database_;
    const ServerKeys& keys_;
    base::Config::Tokens settings_;
    db::Group<Rotation> group_;
};

}  // namespace oauth
