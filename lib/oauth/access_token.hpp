#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "auth/principal.hpp"
#include "jose/signing_key.hpp"

namespace oauth {

/// What an access token is to say (RFC 9068 section 2.2). auth::AccessTokens reads it again.
struct AccessTokenClaims {
    std::string issuer;
    std::string subject;   ///< the user; the client when it acts by itself
    std::string resource;  ///< `aud`
    std::string client_id;
    std::string scope;  ///< space-separated
    auth::GrantId grant;
    auth::WorkspaceId workspace;
    std::chrono::seconds lifetime;
};

/// A signed token with an id of its own.
std::string issue_access_token(const jose::SigningKey& key, const AccessTokenClaims& claims);

}  // namespace oauth
