#include "oauth/manual_client.hpp"

#include <nlohmann/json.hpp>

#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "oauth/client_metadata.hpp"
#include "oauth/error.hpp"
#include "schema/json.hpp"

namespace oauth {
namespace {

using nlohmann::json;

constexpr std::size_t secret_size = 43;

base::Secret create_secret() {
    std::string text = "gcs_";
    text += crypto::random_base62(secret_size).reveal();
    return base::Secret::take(text);
}

bool needs_secret(AuthMethod method) {
    return method == AuthMethod::client_secret_basic || method == AuthMethod::client_secret_post;
}

/// What would be registered, checked by the rules of registration.
ClientMetadata metadata_of(const NewClient& request) {
    json document{{"client_name", request.name},
                  {"redirect_uris", request.redirect_uris},
                  {"token_endpoint_auth_method", std::string{name_of(request.auth_method)}},
                  {"grant_types", json::array({"authorization_code", "refresh_token"})}};
    if (!request.jwks.empty()) document["jwks"] = schema::parse(request.jwks);
    const bool acts_alone = request.redirect_uris.empty() && !request.own_scopes.empty();
    if (acts_alone) document["redirect_uris"] = json::array({"https://unused.invalid/"});
    auto metadata = read_client_metadata(document);
    if (metadata.name.empty()) throw refusal("invalid_client_metadata", "a client needs a name");
    if (acts_alone) {
        metadata.redirect_uris.clear();
        metadata.grant_types.clear();
    }
    if (!request.own_scopes.empty()) metadata.grant_types.emplace_back("client_credentials");
    return metadata;
}

void check_own_scopes(const NewClient& request) {
    if (request.own_scopes.empty()) return;
    if (!request.workspace) throw refusal("invalid_client_metadata", "client credentials need a workspace");
    if (request.auth_method == AuthMethod::none)
        throw refusal("invalid_client_metadata", "client credentials need a client that authenticates");
    auth::Scopes::parse(request.own_scopes);
}

std::optional<base::Uuid> add_service_user(db::Session& session, const NewClient& request,
                                           const ClientKey& key) {
    static constexpr db::Statement add{"oauth.add_service_user", "SELECT oauth.add_service_user($1, $2)"};
    if (request.own_scopes.empty()) return std::nullopt;
    const auto user = base::Uuid::create();
    session.query(add, key, user);
    return user;
}

ListedClient listed(const db::Row& row) {
    return {.client_id = row.string(0),
            .origin = origin_of(row.text(1)).value(),
            .registrar = registrar_of(row.text(8)).value(),
            .name = row.string(2),
            .redirect_uris = row.strings(3),
            .grant_types = row.strings(4),
            .auth_method = auth_method_of(row.text(5)).value(),
            .own_scopes = row.strings(6),
            .created_at = row.time(7)};
}

std::vector<ListedClient> all(const db::Result& result) {
    std::vector<ListedClient> clients;
    for (const auto row : result) clients.push_back(listed(row));
    return clients;
}

void require_found(const db::Result& result) {
    if (result.affected() == 0)
        throw base::Error{base::Reason::not_found, "client_not_found", "no such client"};
}

}  // namespace

CreatedClient create_client(db::Session& session, const NewClient& request) {
    static constexpr db::Statement insert{"oauth.create_client", R"sql(
        INSERT INTO oauth.client (id, client_id, origin, name, redirect_uris, grant_types,
                                  token_endpoint_auth_method, secret_sha256, jwks, workspace_id, user_id, scopes,
                                  registered_by)
        VALUES ($1, $2, 'manual', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    )sql"};
    check_own_scopes(request);
    const auto metadata = metadata_of(request);
    const auto key = ClientKey::create();
    CreatedClient created{.client_id = key.text(), .secret = {}};
    if (needs_secret(request.auth_method)) created.secret = create_secret();
    const auto digest = crypto::sha256(created.secret.reveal());
    const db::Parameter secret =
        created.secret.empty() ? db::Parameter{std::nullopt} : db::Parameter{db::Bytes{digest}};
    std::optional<std::string> jwks;
    if (!metadata.jwks.empty()) jwks = metadata.jwks;
    session.query(insert, key, created.client_id, metadata.name, metadata.redirect_uris, metadata.grant_types,
                  name_of(request.auth_method), secret, jwks, request.workspace,
                  add_service_user(session, request, key), request.own_scopes, name_of(request.registrar));
    return created;
}

std::vector<ListedClient> list_clients(db::Session& session) {
    static constexpr db::Statement select{"oauth.list_clients", R"sql(
        SELECT client_id, origin, name, redirect_uris, grant_types, token_endpoint_auth_method, scopes,
               extract(epoch FROM created_at), registered_by
          FROM oauth.client
         ORDER BY id DESC
         LIMIT 1000
    )sql"};
    return all(session.query(select));
}

std::vector<ListedClient> list_workspace_clients(db::Session& session) {
    static constexpr db::Statement select{"oauth.list_workspace_clients", R"sql(
        SELECT client_id, origin, name, redirect_uris, grant_types, token_endpoint_auth_method, scopes,
               extract(epoch FROM created_at), registered_by
          FROM oauth.client
         WHERE workspace_id = workspace.current_id() AND origin = 'manual'
         ORDER BY id DESC
         LIMIT 1000
    )sql"};
    return all(session.query(select));
}

base::Secret rotate_client_secret(db::Session& session, const std::string& client_id) {
    static constexpr db::Statement update{"oauth.rotate_client_secret", R"sql(
        UPDATE oauth.client SET secret_sha256 = $2 WHERE client_id = $1 AND secret_sha256 IS NOT NULL
    )sql"};
    auto secret = create_secret();
    require_found(session.query(update, client_id, db::Bytes{crypto::sha256(secret.reveal())}));
    return secret;
}

void delete_client(db::Session& session, const std::string& client_id) {
    static constexpr db::Statement remove{"oauth.delete_client",
                                          "DELETE FROM oauth.client WHERE client_id = $1"};
    require_found(session.query(remove, client_id));
}

}  // namespace oauth
