#pragma once

#include <optional>
#include <string>

#include "auth/principal.hpp"
#include "base/config.hpp"
#include "base/secret.hpp"
#include "db/session.hpp"
#include "oauth/client.hpp"
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

/// Redeems a code once, committed when it returns. A second use by the rightful client ends the grant.
/// Throws refusal: "invalid_grant", "invalid_target"; base::Error (unavailable) when trying again helps.
TokenGrant redeem_code(db::Session& session, const ServerKeys& keys, const Client& client,
                       const CodeRequest& request, const base::Config::Tokens& settings);

}  // namespace oauth
