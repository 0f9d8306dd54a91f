#include "oauth/revocation_endpoint.hpp"

#include "base/error.hpp"
#include "oauth/error.hpp"
#include "oauth/form_endpoint.hpp"
#include "oauth/metadata.hpp"
#include "oauth/refresh_token.hpp"

namespace oauth {

RevocationEndpoint::RevocationEndpoint(const base::Config& config)
    : database_{config.database, "gatehouse_oauth_revoke"},
      clients_{database_,
               {issuer_of(config.public_url), config.public_url + "/oauth/token",
                config.public_url + "/oauth/revoke"}},
      tokens_{database_, config.public_url} {}

http::Response RevocationEndpoint::answer(const http::Request& request, http::Exchange&) {
    return answer_form(request, [&](const Parameters& parameters) {
        const auto client = clients_.require_client(request, parameters);
        revoke(*client, parameters.require("token"));
        return json_response("");
    });
}

void RevocationEndpoint::revoke(const Client& client, const std::string& token) {
    std::string outcome;
    if (token.starts_with("ghr_")) outcome = revoke_refresh_token(client, token);
    if (auth::AccessTokens::has_form_of(token)) outcome = revoke_access_token(client, token);
    if (token.starts_with("ghk_"))
        throw refusal("unsupported_token_type", "an API key is not a token of this endpoint");
    if (outcome == "other_client") throw refusal("invalid_grant", "the token was issued to another client");
}

std::string RevocationEndpoint::revoke_refresh_token(const Client& client, const std::string& token) {
    static constexpr db::Statement revoke{"oauth.revoke_refresh_token",
                                          "SELECT oauth.revoke_refresh_token($1, $2, $3)"};
    const auto read = RefreshToken::read(token);
    if (!read) return "unknown";
    db::Autocommit session{database_, {}};
    return session.query(revoke, read->grant, db::Bytes{read->sha256}, client.key).front().string(0);
}

std::string RevocationEndpoint::revoke_access_token(const Client& client, const std::string& token) {
    static constexpr db::Statement revoke{"oauth.revoke_access_token",
                                          "SELECT oauth.revoke_access_token($1, $2, to_timestamp($3), $4)"};
    try {
        const auto verified = tokens_.verify(token);
        const auto expires_at =
            std::chrono::duration_cast<std::chrono::seconds>(verified.expires_at.time_since_epoch());
        db::Autocommit session{database_, {}};
        return session.query(revoke, verified.grant, verified.id, expires_at.count(), client.key)
            .front()
            .string(0);
    } catch (const base::Error& error) {
        if (error.reason() != base::Reason::unauthenticated) throw;
        return "unknown";
    }
}

}  // namespace oauth
