#include "oauth/client.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace oauth {
namespace {

constexpr std::array origins{
    std::pair{ClientOrigin::dynamic, std::string_view{"dynamic"}},
    std::pair{ClientOrigin::manual, std::string_view{"manual"}},
    std::pair{ClientOrigin::metadata_document, std::string_view{"metadata_document"}},
};

constexpr std::array registrars{
    std::pair{Registrar::operator_, std::string_view{"operator"}},
    std::pair{Registrar::administrator, std::string_view{"administrator"}},
};

constexpr std::array auth_methods{
    std::pair{AuthMethod::none, std::string_view{"none"}},
    std::pair{AuthMethod::client_secret_basic, std::string_view{"client_secret_basic"}},
    std::pair{AuthMethod::client_secret_post, std::string_view{"client_secret_post"}},
    std::pair{AuthMethod::private_key_jwt, std::string_view{"private_key_jwt"}},
};

template <class Table, class Value>
std::string_view spelling(const Table& table, Value value) {
    for (const auto& [known, name] : table) {
        if (known == value) return name;
    }
    return {};
}

template <class Table>
auto value_of(const Table& table, std::string_view name)
    -> std::optional<typename Table::value_type::first_type> {
    for (const auto& [known, spelled] : table) {
        if (spelled == name) return known;
    }
    return std::nullopt;
}

std::optional<ServiceAccount> service_account_of(const db::Row& row) {
    if (row.is_null(11) || row.is_null(12)) return std::nullopt;
    return ServiceAccount{auth::WorkspaceId{row.uuid(11)}, auth::UserId{row.uuid(12)}, row.strings(13)};
}

std::optional<Client> client_of(const db::Result& result) {
    if (result.empty()) return std::nullopt;
    const auto row = result.front();
    return Client{
        .key = ClientKey{row.uuid(0)},
        .client_id = row.string(1),
        .origin = origin_of(row.text(2)).value(),
        .registrar = registrar_of(row.text(14)).value(),
        .name = row.string(3),
        .redirect_uris = row.strings(4),
        .grant_types = row.strings(5),
        .auth_method = auth_method_of(row.text(6)).value(),
        .secret_sha256 = row.is_null(7) ? std::string{} : row.bytes(7),
        .jwks = row.string(8),
        .metadata = row.string(9),
        .metadata_sha256 = row.is_null(10) ? std::string{} : row.bytes(10),
        .service_account = service_account_of(row),
        .workspace = row.is_null(11) ? std::nullopt : std::optional{auth::WorkspaceId{row.uuid(11)}},
    };
}

}  // namespace

std::string_view name_of(ClientOrigin origin) noexcept { return spelling(origins, origin); }
std::string_view name_of(Registrar registrar) noexcept { return spelling(registrars, registrar); }
std::string_view name_of(AuthMethod method) noexcept { return spelling(auth_methods, method); }

std::optional<ClientOrigin> origin_of(std::string_view name) noexcept { return value_of(origins, name); }

std::optional<Registrar> registrar_of(std::string_view name) noexcept { return value_of(registrars, name); }

std::optional<AuthMethod> auth_method_of(std::string_view name) noexcept {
    return value_of(auth_methods, name);
}

bool Client::has_grant_type(std::string_view grant_type) const noexcept {
    return std::ranges::find(grant_types, grant_type) != grant_types.end();
}

std::optional<Client> find_client(db::Session& session, std::string_view client_id) {
    static constexpr db::Statement select{"oauth.find_client", R"sql(
        SELECT id, client_id, origin, name, redirect_uris, grant_types, token_endpoint_auth_method,
               secret_sha256, jwks, metadata, metadata_sha256, workspace_id, user_id, scopes,
               registered_by
          FROM oauth.client
         WHERE client_id = $1 AND disabled_at IS NULL
    )sql"};
    return client_of(session.query(select, client_id));
}

std::optional<Client> find_client(db::Session& session, const ClientKey& key) {
    static constexpr db::Statement select{"oauth.find_client_by_key", R"sql(
        SELECT id, client_id, origin, name, redirect_uris, grant_types, token_endpoint_auth_method,
               secret_sha256, jwks, metadata, metadata_sha256, workspace_id, user_id, scopes,
               registered_by
          FROM oauth.client
         WHERE id = $1 AND disabled_at IS NULL
    )sql"};
    return client_of(session.query(select, key));
}

bool is_metadata_document_url(std::string_view client_id) noexcept {
    return client_id.starts_with("https://");
}

}  // namespace oauth
