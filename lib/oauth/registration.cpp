#include "oauth/registration.hpp"

#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "oauth/error.hpp"
#include "oauth/registration_limit.hpp"
#include "schema/json.hpp"

namespace oauth {
namespace {

using nlohmann::json;

constexpr std::size_t secret_size = 43;

base::Secret create_secret(std::string_view prefix) {
    std::string text{prefix};
    text += crypto::random_base62(secret_size).reveal();
    return base::Secret::take(text);
}

bool needs_secret(AuthMethod method) {
    return method == AuthMethod::client_secret_basic || method == AuthMethod::client_secret_post;
}

std::optional<std::string> text_or_null(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

/// A parameter that is NULL without a secret.
db::Parameter digest_or_null(const base::Secret& secret, std::string& digest) {
    if (secret.empty()) return db::Parameter{std::nullopt};
    digest = crypto::sha256(secret.reveal());
    return db::Parameter{db::Bytes{digest}};
}

/// Another program with the same metadata, when it is of the kind that cannot keep a secret.
bool join_registered(db::Session& session, Registration& registration) {
    static constexpr db::Statement join{"oauth.join_client", R"sql(
        UPDATE oauth.client
           SET shared_at = coalesce(shared_at, now()), registered_at = now()
         WHERE id = (SELECT id FROM oauth.client
                      WHERE metadata_sha256 = $1 AND origin = 'dynamic'
                        AND token_endpoint_auth_method = 'none' AND disabled_at IS NULL
                      ORDER BY id LIMIT 1)
        RETURNING id, client_id, extract(epoch FROM created_at)
    )sql"};
    if (registration.metadata.auth_method != AuthMethod::none) return false;
    const auto result = session.query(join, db::Bytes{digest_of(registration.metadata)});
    if (result.empty()) return false;
    registration.key = ClientKey{result.front().uuid(0)};
    registration.client_id = result.front().string(1);
    registration.issued_at = result.front().time(2);
    return true;
}

void insert_client(db::Session& session, Registration& registration) {
    static constexpr db::Statement insert{"oauth.register_client", R"sql(
        INSERT INTO oauth.client (id, client_id, origin, name, redirect_uris, grant_types,
                                  token_endpoint_auth_method, secret_sha256, jwks, metadata, metadata_sha256)
        VALUES ($1, $2, 'dynamic', $3, $4, $5, $6, $7, $8, $9, $10)
    )sql"};
    const auto& metadata = registration.metadata;
    registration.key = ClientKey::create();
    registration.client_id = registration.key.text();
    registration.issued_at = base::Clock::now();
    if (needs_secret(metadata.auth_method)) registration.client_secret = create_secret("gcs_");
    std::string digest;
    session.query(insert, registration.key, registration.client_id, metadata.name, metadata.redirect_uris,
                  metadata.grant_types, name_of(metadata.auth_method),
                  digest_or_null(registration.client_secret, digest), text_or_null(metadata.jwks),
                  schema::dump(metadata.echoed), db::Bytes{digest_of(metadata)});
}

void insert_registration(db::Session& session, const Registration& registration) {
    static constexpr db::Statement insert{
        "oauth.insert_registration", "INSERT INTO oauth.registration (token_sha256, client) VALUES ($1, $2)"};
    session.query(insert, db::Bytes{crypto::sha256(registration.registration_token.reveal())},
                  registration.key);
}

std::int64_t seconds_of(base::Clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

Registration register_client(db::Database& database, ClientMetadata metadata,
                             const std::string& remote_address, const base::Config::OAuth& limits) {
    Registration registration;
    registration.metadata = std::move(metadata);
    registration.registration_token = create_secret("gcr_");
    db::Transaction transaction{database, {}};
    take_registration(transaction, remote_address, limits);
    if (!join_registered(transaction, registration)) insert_client(transaction, registration);
    insert_registration(transaction, registration);
    transaction.commit();
    return registration;
}

Registration require_registration(db::Session& session, std::string_view client_id, std::string_view token) {
    static constexpr db::Statement select{"oauth.find_registration", R"sql(
        SELECT c.id, c.client_id, c.metadata, extract(epoch FROM c.created_at), c.secret_sha256
          FROM oauth.registration r
          JOIN oauth.client c ON c.id = r.client
         WHERE r.token_sha256 = $1 AND c.client_id = $2 AND c.disabled_at IS NULL
    )sql"};
    const auto result = session.query(select, db::Bytes{crypto::sha256(token)}, client_id);
    if (result.empty())
        throw base::Error{base::Reason::unauthenticated, "invalid_token",
                          "this token manages no such client"};
    const auto row = result.front();
    Registration registration;
    registration.key = ClientKey{row.uuid(0)};
    registration.client_id = row.string(1);
    registration.metadata = read_client_metadata(schema::parse(row.text(2)));
    registration.issued_at = row.time(3);
    if (!row.is_null(4)) registration.secret_sha256 = row.bytes(4);
    registration.registration_token = base::Secret{token};
    return registration;
}

void replace_registration(db::Database& database, Registration& registration, ClientMetadata metadata) {
    static constexpr db::Statement update{"oauth.replace_registration", R"sql(
        UPDATE oauth.client
           SET name = $2, redirect_uris = $3, grant_types = $4, token_endpoint_auth_method = $5,
               secret_sha256 = CASE WHEN $6 THEN coalesce($7, secret_sha256) END,
               jwks = $8, metadata = $9, metadata_sha256 = $10, registered_at = now()
         WHERE id = $1 AND shared_at IS NULL
    )sql"};
    const bool has_secret = needs_secret(metadata.auth_method);
    if (has_secret && !needs_secret(registration.metadata.auth_method))
        registration.client_secret = create_secret("gcs_");
    std::string digest;
    db::Autocommit session{database, {}};
    const auto result = session.query(
        update, registration.key, metadata.name, metadata.redirect_uris, metadata.grant_types,
        name_of(metadata.auth_method), has_secret, digest_or_null(registration.client_secret, digest),
        text_or_null(metadata.jwks), schema::dump(metadata.echoed), db::Bytes{digest_of(metadata)});
    if (result.affected() == 0)
        throw base::Error{base::Reason::forbidden, "access_denied",
                          "others registered the same client; register another one instead"};
    registration.metadata = std::move(metadata);
}

void delete_registration(db::Database& database, const Registration& registration, std::string_view token) {
    static constexpr db::Statement remove_client{
        "oauth.delete_client_alone", "DELETE FROM oauth.client WHERE id = $1 AND shared_at IS NULL"};
    static constexpr db::Statement remove{"oauth.delete_registration",
                                          "DELETE FROM oauth.registration WHERE token_sha256 = $1"};
    db::Transaction transaction{database, {}};
    transaction.query(remove_client, registration.key);
    transaction.query(remove, db::Bytes{crypto::sha256(token)});
    transaction.commit();
}

std::string describe(const Registration& registration, const std::string& public_url) {
    json body = registration.metadata.echoed;
    body["client_id"] = registration.client_id;
    body["client_id_issued_at"] = seconds_of(registration.issued_at);
    if (!registration.client_secret.empty()) {
        body["client_secret"] = std::string{registration.client_secret.reveal()};
        body["client_secret_expires_at"] = 0;
    }
    body["registration_client_uri"] = public_url + "/oauth/register/" + registration.client_id;
    body["registration_access_token"] = std::string{registration.registration_token.reveal()};
    return schema::dump(body);
}

}  // namespace oauth
