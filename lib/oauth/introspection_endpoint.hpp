#pragma once

#include <optional>

#include "auth/access_token.hpp"
#include "base/config.hpp"
#include "db/database.hpp"
#include "http/exchange.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "oauth/client_authentication.hpp"

namespace oauth {

/// Token introspection (RFC 7662), for confidential clients: one that the operator made for a workspace is a
/// resource server of that workspace and learns of every token for it; any other client learns of its own
/// tokens. Whatever else is asked about is not active, whether it exists or not.
class IntrospectionEndpoint {
public:
    explicit IntrospectionEndpoint(const base::Config& config);

    http::Response answer(const http::Request& request, http::Exchange& exchange);

private:
    struct Active;
    std::optional<Active> find(const std::string& token);
    std::optional<Active> find_access_token(const std::string& token);
    std::optional<Active> find_refresh_token(const std::string& token);

    std::string issuer_;
    db::Database database_;
    ClientAuthentication clients_;
    auth::AccessTokens tokens_;
};

}  // namespace oauth
