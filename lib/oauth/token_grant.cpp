#include "oauth/token_grant.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "oauth/error.hpp"

namespace oauth {
namespace {

constexpr int most_repeats = 200;

struct Verdict {
    std::string_view name;
    const char* code;
    const char* description;
};

constexpr std::array verdicts{
    Verdict{"unknown", "invalid_grant", "it is unknown"},
    Verdict{"other_client", "invalid_grant", "it was issued to another client"},
    Verdict{"wrong_verifier", "invalid_grant", "the code_verifier does not match the code_challenge"},
    Verdict{"wrong_redirect_uri", "invalid_grant",
            "the redirect_uri is not the one of the authorization request"},
    Verdict{"expired_code", "invalid_grant", "the code has expired"},
    Verdict{"replayed_code", "invalid_grant", "the code was used before; what it gave is revoked"},
    Verdict{"replayed", "invalid_grant", "the refresh token was used before; the whole grant is revoked"},
    Verdict{"expired", "invalid_grant", "the grant has expired; sign in again"},
    Verdict{"revoked", "invalid_grant", "the grant was revoked; sign in again"},
    Verdict{"client_disabled", "invalid_client", "the client is disabled"},
    Verdict{"client_must_authenticate", "invalid_client", "this client must authenticate"},
    Verdict{"workspace_suspended", "invalid_grant", "the workspace is suspended"},
    Verdict{"not_a_member", "invalid_grant", "the user is no longer a member of the workspace"},
    Verdict{"other_resource", "invalid_target", "the grant is for another resource"},
    Verdict{"scope_exceeded", "invalid_scope", "the scope is wider than what was granted"},
};

void require_ok(std::string_view verdict) {
    if (verdict == "ok") return;
    for (const auto& known : verdicts) {
        if (known.name == verdict) throw refusal(known.code, known.description);
    }
    throw base::Error{base::Reason::unavailable, "temporarily_unavailable", "try again"};
}

TokenGrant granted_of(const db::Row& row) {
    require_ok(row.text(0));
    return {.grant = auth::GrantId{row.uuid(1)},
            .workspace = auth::WorkspaceId{row.uuid(2)},
            .subject = auth::UserId{row.uuid(3)}.text(),
            .client_id = row.string(4),
            .resource = row.string(6),
            .scopes = auth::Scopes::parse(row.strings(5)),
            .refresh_token = {}};
}

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

TokenGrant rotate_refresh_token(db::Session& session, const ServerKeys& keys, const Client* client,
                                const RefreshRequest& request, const base::Config::Tokens& settings) {
    static constexpr db::Statement rotate{"oauth.rotate_refresh_token", R"sql(
        SELECT verdict, grant_id, workspace_id, user_id, client_id, scopes, resource, successor
          FROM oauth.rotate_refresh_token($1, $2, $3, $4, $5, $6, $7, make_interval(secs => $8), $9,
                                          make_interval(secs => $10))
    )sql"};
    const auto presented = recognize_refresh_token(keys, request.refresh_token);
    if (!presented) require_ok("unknown");
    auto successors = successors_of(keys, request.refresh_token);
    std::optional<ClientKey> by_client;
    if (client && !client->is_public()) by_client = client->key;
    std::optional<std::vector<std::string>> scopes;
    if (request.scopes) scopes = request.scopes->names();
    const auto result = session.query(rotate, presented->grant, db::Bytes{presented->sha256},
                                      db::Bytes{successors.front().sha256}, by_client,
                                      by_client ? std::nullopt : request.client_id, scopes, request.resource,
                                      settings.refresh_grace, most_repeats, settings.refresh_token_idle);
    auto granted = granted_of(result.front());
    const auto current = result.front().bytes(7);
    const auto given =
        std::ranges::find_if(successors, [&](const auto& each) { return each.sha256 == current; });
    if (given == successors.end()) require_ok("replayed");
    granted.refresh_token = std::move(given->text);
    if (request.scopes) granted.scopes = *request.scopes;
    return granted;
}

TokenGrant grant_client_credentials(db::Session& session, const Client& client, const std::string& resource,
                                    const std::string& workspace_slug) {
    static constexpr db::Statement grant{"oauth.grant_client_credentials", R"sql(
        SELECT verdict, grant_id, workspace_id, user_id, client_id, scopes, resource
          FROM oauth.grant_client_credentials($1, $2, nullif($3, ''), $4)
    )sql"};
    const auto result = session.query(grant, client.key, resource, workspace_slug, base::Uuid::create());
    if (result.empty()) throw refusal("invalid_target", "the client may not act in that workspace");
    auto granted = granted_of(result.front());
    granted.subject = granted.client_id;
    return granted;
}

}  // namespace oauth
