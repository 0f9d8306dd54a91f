#include "vault_grant/holder.hpp"

#include "crypto/encoding.hpp"
#include "http_syntax/url.hpp"
#include "vault/placeholder.hpp"
#include "vault/service_row.hpp"

namespace vault_grant {
namespace {

std::vector<vault_open::SealedField> fields_of(const db::Row& row, int first) {
    std::vector<vault_open::SealedField> fields;
    if (row.is_null(first)) return fields;
    auto names = row.strings(first);
    const auto sealed = row.strings(first + 1);
    const auto wrapped = row.strings(first + 2);
    for (std::size_t i = 0; i < names.size(); ++i) {
        fields.push_back({std::move(names[i]), crypto::bytes_of_hex(sealed[i]).value(),
                          crypto::bytes_of_hex(wrapped[i]).value()});
    }
    return fields;
}

const vault::AuthMethod* method_of(const vault::ConnectorCatalog& connectors, const vault::Service& service) {
    const auto* connector = connectors.find(service.connector);
    if (!connector) return nullptr;
    for (const auto& method : connector->auth) {
        if (method.name == service.auth_method) return &method;
    }
    return nullptr;
}

}  // namespace

std::string Holder::filled(const std::string& text) const {
    return vault::fill_in(text, [this](const std::string& name) {
        const auto found = service.settings.find(name);
        return found == service.settings.end() ? nullptr : &found->second;
    });
}

std::string Holder::filled_url(const std::string& text) const {
    if (text.starts_with('{') && text.find('}') == text.size() - 1) return filled(text);
    std::string encoded;
    return vault::fill_in(text, [&](const std::string& name) -> const std::string* {
        const auto found = service.settings.find(name);
        if (found == service.settings.end()) return nullptr;
        encoded = http_syntax::percent_encode(found->second);
        return &encoded;
    });
}

std::optional<Holder> find_holder(db::Database& database, const vault::ConnectorCatalog& connectors,
                                  const auth::WorkspaceId& workspace, const vault::ServiceId& service) {
    static constexpr db::Statement open{"vault_grant.open_held_service", R"sql(
        SELECT name, connector, auth_method, origins, settings, state, version, fields, sealed, wrapped_keys
          FROM vault.open_held_service($1, $2)
    )sql"};
    db::Autocommit session{database, db::Scope{workspace.uuid()}};
    const auto result = session.query(open, workspace, service);
    if (result.empty()) return std::nullopt;
    const auto row = result.front();
    Holder holder;
    holder.workspace = workspace;
    holder.service.id = service;
    holder.service.name = row.string(0);
    holder.service.connector = row.string(1);
    holder.service.auth_method = row.string(2);
    holder.service.origins = row.strings(3);
    holder.service.settings = vault::settings_of(row.text(4));
    holder.service.state = vault::state_of(row.text(5));
    holder.service.version = row.integer(6);
    holder.fields = fields_of(row, 7);
    holder.method = method_of(connectors, holder.service);
    if (!holder.method) return std::nullopt;
    return holder;
}

Token read_token(db::Database& database, const auth::WorkspaceId& workspace,
                 const vault::ServiceId& service) {
    static constexpr db::Statement open{"vault_grant.open_token",
                                        "SELECT " VAULT_TOKEN_COLUMNS " FROM vault.open_token($1, $2) t"};
    db::Autocommit session{database, db::Scope{workspace.uuid()}};
    const auto result = session.query(open, workspace, service);
    if (result.empty()) return {};
    return token_of(result.front(), 0).value_or(Token{});
}

}  // namespace vault_grant
