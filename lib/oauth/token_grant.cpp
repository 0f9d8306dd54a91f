#include "oauth/token_grant.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "oauth/error.hpp"
#include "oauth/outcome.hpp"
#include "oauth/refresh_token.hpp"

namespace oauth {
namespace {

std::optional<auth::GrantId> find_grant_of_code(db::Session& session, const std::string& code_sha256) {
    static constexpr db::Statement select{"oauth.find_grant_of_code", "SELECT oauth.grant_of_code($1)"};
    const auto result = session.query(select, db::Bytes{code_sha256});
    if (result.front().is_null(0)) return std::nullopt;
    return auth::GrantId{result.front().uuid(0)};
}

}  // namespace

TokenGrant redeem_code(db::Session& session, const ServerKeys& keys, const Client& client,
                       const CodeRequest& request, const base::Config::Tokens& settings) {
    static constexpr db::Statement redeem{"oauth.redeem_code", R"sql(
        SELECT verdict, grant_id, workspace_id, user_id, client_id, scopes, resource, refreshable
          FROM oauth.redeem_code($1, $2, $3, $4, $5, $6, make_interval(secs => $7))
    )sql"};
    const auto code_sha256 = crypto::sha256(request.code);
    const auto grant = find_grant_of_code(session, code_sha256);
    if (!grant) require_ok("unknown");
    auto first = create_refresh_token(keys, *grant);
    const auto challenge = crypto::base64url_of(crypto::sha256(request.verifier));
    const auto result =
        session.query(redeem, db::Bytes{code_sha256}, client.key, request.redirect_uri, challenge,
                      request.resource, db::Bytes{first.sha256}, settings.refresh_token_idle);
    auto granted = granted_of(result.front());
    if (result.front().boolean(7)) granted.refresh_token = std::move(first.text);
    return granted;
}

}  // namespace oauth
