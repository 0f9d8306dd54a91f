#pragma once

#include "auth/access_token.hpp"
#include "base/config.hpp"
#include "db/database.hpp"
#include "http/exchange.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "oauth/client_authentication.hpp"

namespace oauth {

/// Token revocation (RFC 7009). A refresh token takes its whole grant along, an access token goes alone; what
/// is unknown, expired or revoked already is as good as revoked. A client revokes its own tokens only.
class RevocationEndpoint {
public:
    explicit RevocationEndpoint(const base::Config& config);

    http::Response answer(const http::Request& request, http::Exchange& exchange);

private:
    void revoke(const Client& client, const std::string& token);
    std::string revoke_refresh_token(const Client& client, const std::string& token);
    std::string revoke_access_token(const Client& client, const std::string& token);

    db::Database database_;
    ClientAuthentication clients_;
    auth::AccessTokens tokens_;
};

}  // namespace oauth
