#pragma once

#include "base/config.hpp"
#include "db/database.hpp"
#include "http/exchange.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "oauth/client_authentication.hpp"
#include "oauth/client_grants.hpp"
#include "oauth/refresh_rotation.hpp"
#include "oauth/server_keys.hpp"
#include "oauth/signing_keys.hpp"

namespace oauth {

/// The token endpoint (OAuth 2.1 section 3.2): authorization_code with PKCE, refresh_token,
/// client_credentials.
class TokenEndpoint {
public:
    explicit TokenEndpoint(const base::Config& config);

    http::Response answer(const http::Request& request, http::Exchange& exchange);

private:
    http::Response grant(const http::Request& request, const Parameters& parameters);
    TokenGrant redeem_code(const Client& client, const Parameters& parameters);
    TokenGrant rotate_refresh_token(const Client* client, const Parameters& parameters);
    TokenGrant grant_client_credentials(const Client& client, const Parameters& parameters);
    http::Response response_of(const TokenGrant& granted, const jose::SigningKey& key);

    std::string public_url_;
    base::Config::Tokens settings_;
    db::Database database_;
    ServerKeys keys_;
    SigningKeys signing_keys_;
    ClientAuthentication clients_;
    ClientGrants client_grants_;
    RefreshRotation refresh_rotation_;
};

}  // namespace oauth
