#pragma once

#include <optional>
#include <string>

#include "auth/principal.hpp"
#include "base/config.hpp"
#include "base/secret.hpp"
#include "db/session.hpp"
#include "oauth/client.hpp"
#include "oauth/refresh_token.hpp"
#include "oauth/server_keys.hpp"

namespace oauth {

/// What a token request is answered with.
struct TokenGrant {
    auth::GrantId grant;
    auth::WorkspaceId workspace;
    std::string subject;
    std::string client_id;
    std::string resource;
    auth::Scopes scopes;         ///< what the access token is to allow
    base::Secret refresh_token;  ///< empty when it gets none
};

struct CodeRequest {
    std::string code;
    std::string verifier;
    std::optional<std::string> redirect_uri;
    std::optional<std::string> resource;
};

struct RefreshRequest {
    std::string refresh_token;
    std::optional<std::string> client_id;  ///< as named; without it the token alone tells the client
    std::optional<auth::Scopes> scopes;    ///< a part of what was granted; else all of it
    std::optional<std::string> resource;
};

/// Each of these is one transaction, committed when it returns. They throw refusal: "invalid_grant",
/// "invalid_target", "invalid_scope", "invalid_client"; base::Error (unavailable) when trying again helps.

/// Redeems a code once. A second use by the rightful client ends the grant.
TokenGrant redeem_code(db::Session& session, const ServerKeys& keys, const Client& client,
                       const CodeRequest& request, const base::Config::Tokens& settings);

/// Replaces a refresh token by its successor; the same one for whoever repeats the request within the grace.
/// `client`: one that has authenticated; null when the request proved no client.
TokenGrant rotate_refresh_token(db::Session& session, const ServerKeys& keys, const Client* client,
                                const RefreshRequest& request, const base::Config::Tokens& settings);

/// What a client may do by itself. `workspace_slug`: the one that the resource names; empty for /mcp.
TokenGrant grant_client_credentials(db::Session& session, const Client& client, const std::string& resource,
                                    const std::string& workspace_slug);

}  // namespace oauth
