#include "oauth/consent.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "oauth/redirect_uri.hpp"
#include "schema/json.hpp"

namespace oauth {
namespace {

using nlohmann::json;

constexpr std::string_view code_prefix = "gac_";
constexpr std::size_t code_size = 43;

/// The slug in a canonical resource .../v1/{slug}; empty for /mcp.
std::string_view slug_of(std::string_view resource) {
    const auto place = resource.rfind("/v1/");
    return place == std::string_view::npos ? std::string_view{} : resource.substr(place + 4);
}

bool is_web(const std::string& redirect_uri) {
    const auto parsed = parse_redirect_uri(redirect_uri);
    return parsed && parsed->kind == RedirectKind::https;
}

base::Uuid insert_grant(db::Session& session, const auth::UserId& user, const AuthorizationRequest& request,
                        const Consent& consent) {
    static constexpr db::Statement insert{"oauth.insert_authorization", R"sql(
        INSERT INTO oauth.authorization (id, workspace_id, user_id, client, scopes, resource, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, now() + interval '1 year')
    )sql"};
    const auto id = base::Uuid::create();
    session.query(insert, id, consent.workspace, user, request.client.key, consent.scopes.names(),
                  request.resource);
    return id;
}

void record(db::Session& session, const auth::UserId& user, const AuthorizationRequest& request,
            const Consent& consent) {
    static constexpr db::Statement upsert{"oauth.record_consent", R"sql(
        INSERT INTO oauth.consent (user_id, client, workspace_id, resource, scopes, identity_sha256)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (user_id, client, workspace_id, resource) DO UPDATE
           SET scopes = CASE WHEN consent.identity_sha256 = excluded.identity_sha256
                             THEN ARRAY(SELECT DISTINCT unnest(consent.scopes || excluded.scopes))
                             ELSE excluded.scopes END,
               identity_sha256 = excluded.identity_sha256,
               granted_at = now()
    )sql"};
    session.query(upsert, user, request.client.key, consent.workspace, request.resource,
                  consent.scopes.names(), db::Bytes{identity_sha256_of(request.client)});
}

}  // namespace

std::vector<WorkspaceChoice> workspaces_for(db::Session& session, const auth::UserId& user,
                                            const AuthorizationRequest& request) {
    static constexpr db::Statement select{
        "oauth.workspaces_of",
        "SELECT id, slug, name, role, mcp_enabled, suspended, oauth.is_shut_out($2, id)"
        "  FROM oauth.workspaces_of($1)"};
    const auto slug = slug_of(request.resource);
    std::vector<WorkspaceChoice> choices;
    for (const auto row : session.query(select, user, request.client.key)) {
        if (!slug.empty() && row.text(1) != slug) continue;
        if (request.client.workspace && request.client.workspace->uuid() != row.uuid(0)) continue;
        choices.push_back({auth::WorkspaceId{row.uuid(0)}, row.string(1), row.string(2), row.string(3),
                           row.boolean(4), row.boolean(5), row.boolean(6)});
    }
    return choices;
}

Proof proof_of(const Client& client, const std::string& redirect_uri) {
    switch (client.origin) {
        case ClientOrigin::manual:
            return client.registrar == Registrar::operator_ ? Proof::by_operator : Proof::by_administrator;
        case ClientOrigin::metadata_document:
            return is_web(redirect_uri) ? Proof::by_host : Proof::by_host_only;
        case ClientOrigin::dynamic:
            return Proof::none;
    }
    return Proof::none;
}

bool may_skip_consent(const Client& client, const std::string& redirect_uri) {
    if (!is_web(redirect_uri)) return false;
    const auto proof = proof_of(client, redirect_uri);
    return proof == Proof::by_operator || proof == Proof::by_host || !client.is_public();
}

std::string identity_sha256_of(const Client& client) {
    const auto metadata = schema::parse(client.metadata.empty() ? "{}" : client.metadata);
    const auto logo = metadata.find("logo_uri");
    const json identity{{"name", client.name},
                        {"redirect_uris", client.redirect_uris},
                        {"jwks", client.jwks},
                        {"logo_uri", logo == metadata.end() ? json(nullptr) : *logo}};
    return crypto::sha256(schema::canonical(identity));
}

std::vector<Consent> find_consents(db::Session& session, const auth::UserId& user,
                                   const AuthorizationRequest& request) {
    static constexpr db::Statement select{"oauth.find_consents", R"sql(
        SELECT workspace_id, scopes FROM oauth.consent
         WHERE user_id = $1 AND client = $2 AND resource = $3 AND identity_sha256 = $4
    )sql"};
    std::vector<Consent> consents;
    for (const auto row : session.query(select, user, request.client.key, request.resource,
                                        db::Bytes{identity_sha256_of(request.client)})) {
        consents.push_back({auth::WorkspaceId{row.uuid(0)}, auth::Scopes::parse(row.strings(1))});
    }
    return consents;
}

void hold_client(db::Session& transaction, const Client& client) {
    static constexpr db::Statement hold{"oauth.hold_client", "SELECT oauth.hold_client($1)"};
    transaction.query(hold, client.key);
}

base::Secret issue_code(db::Session& session, const account::LoginSession& login,
                        const AuthorizationRequest& request, const Consent& consent) {
    static constexpr db::Statement insert{"oauth.insert_authorization_code", R"sql(
        INSERT INTO oauth.authorization_code (sha256, authorization_id, redirect_uri, code_challenge, expires_at,
                                              login_session)
        VALUES ($1, $2, $3, $4, now() + interval '60 seconds', $5)
    )sql"};
    static constexpr db::Statement note{"oauth.note_authorization", "SELECT oauth.note_authorization($1)"};
    const auto grant = insert_grant(session, login.user, request, consent);
    record(session, login.user, request, consent);
    session.query(note, request.client.key);
    std::string code{code_prefix};
    code += crypto::random_base62(code_size).reveal();
    session.query(insert, db::Bytes{crypto::sha256(code)}, grant, request.address.redirect_uri,
                  request.code_challenge, login.id);
    return base::Secret::take(code);
}

}  // namespace oauth
