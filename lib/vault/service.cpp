#include "vault/service.hpp"

#include "base/error.hpp"
#include "crypto/encoding.hpp"
#include "vault/decoy.hpp"
#include "vault/request.hpp"
#include "vault/seal.hpp"
#include "vault/service_row.hpp"
#include "vault/workspace_key.hpp"

namespace vault {
namespace {

struct Sealed {
    std::string key_id;
    std::vector<std::string> fields;
    std::vector<std::string> values;  ///< hexadecimal
};

Sealed seal_all(db::Session& session, const auth::WorkspaceId& workspace, const ServiceId& service,
                const CheckedService& checked, std::int64_t version, const Secrets& secrets) {
    const auto key = find_sealing_key(session);
    if (!key) {
        throw base::Error{base::Reason::unavailable, "vault_not_ready",
                          "this workspace has no key pair yet; the operator can make it"};
    }
    const auto use = use_digest_of(checked.connector, checked.auth_method, checked.origins, checked.settings);
    Sealed sealed{.key_id = key->id.text(), .fields = {}, .values = {}};
    for (const auto& [field, value] : secrets) {
        sealed.fields.push_back(field);
        sealed.values.push_back(
            crypto::hex_of(seal_field(*key, {workspace, service, field, version, use}, value)));
    }
    return sealed;
}

[[noreturn]] void not_found(std::string_view name) {
    throw base::Error{
        base::Reason::not_found, "service_not_found",
        "there is no service \"" + std::string{name} + "\"; list_services names those there are"};
}

}  // namespace

Service create_service(db::Session& session, const auth::WorkspaceId& workspace,
                       const ConnectorCatalog& connectors, NewService request) {
    static constexpr db::Statement insert{"vault.create_service", R"sql(
        WITH service AS (
            INSERT INTO vault.service (workspace_id, id, name, description, connector, auth_method, origins,
                                       settings, revealable, decoy)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $13)
         RETURNING workspace_id, id, version),
        decoy AS (
            INSERT INTO vault.decoy (workspace_id, service_id, marks)
            SELECT service.workspace_id, service.id, $14::text[] FROM service WHERE $13)
        INSERT INTO vault.sealed_field (workspace_id, service_id, field, version, key_id, sealed)
        SELECT service.workspace_id, service.id, secret.field, service.version, $10, decode(secret.sealed, 'hex')
          FROM service, unnest($11::text[], $12::text[]) AS secret (field, sealed)
    )sql"};
    const auto checked = check_service(connectors, request);
    check_secrets(connectors.require(checked.connector).auth_method(checked.auth_method), request.secrets);
    const auto id = ServiceId::create();
    const auto marks = request.decoy ? decoy_marks_of(request.secrets) : std::vector<std::string>{};
    const auto sealed = seal_all(session, workspace, id, checked, 1, request.secrets);
    try {
        session.query(insert, workspace, id, request.name, request.description, checked.connector,
                      checked.auth_method, checked.origins, json_of(checked.settings), request.revealable,
                      sealed.key_id, sealed.fields, sealed.values, request.decoy, marks);
    } catch (const db::StatementError& error) {
        if (!error.is_unique_violation()) throw;
        throw base::Error{base::Reason::conflict, "service_exists",
                          "there is a service \"" + request.name + "\" already"};
    }
    return require_service(session, request.name);
}

Service replace_secrets(db::Session& session, const auth::WorkspaceId& workspace,
                        const ConnectorCatalog& connectors, std::string_view name, Secrets secrets) {
    static constexpr db::Statement replace{"vault.replace_secrets", R"sql(
        WITH service AS (
            UPDATE vault.service
               SET version = version + 1, updated_at = now(),
                   state = CASE WHEN state = 'revoked' THEN 'active' ELSE state END
             WHERE workspace_id = $1 AND id = $2 AND version = $3 - 1
         RETURNING workspace_id, id, version),
        replaced AS (
            UPDATE vault.sealed_field f
               SET version = service.version, key_id = $4, sealed = decode(secret.sealed, 'hex')
              FROM service, unnest($5::text[], $6::text[]) AS secret (field, sealed)
             WHERE f.workspace_id = service.workspace_id AND f.service_id = service.id AND f.field = secret.field
         RETURNING f.field)
        SELECT count(*) FROM replaced
    )sql"};
    const auto service = require_service(session, name);
    check_secrets(connectors.require(service.connector).auth_method(service.auth_method), secrets);
    const CheckedService checked{service.connector, service.auth_method, service.origins, service.settings};
    const auto version = service.version + 1;
    const auto sealed = seal_all(session, workspace, service.id, checked, version, secrets);
    const auto result =
        session.query(replace, workspace, service.id, version, sealed.key_id, sealed.fields, sealed.values);
    if (result.front().integer(0) == 0) {
        throw base::Error{base::Reason::conflict, "service_changed",
                          "the credential was changed by someone else at the same time"};
    }
    return require_service(session, name);
}

std::vector<Service> list_services(db::Session& session) {
    static constexpr db::Statement select{"vault.list_services", "SELECT " VAULT_SERVICE_COLUMNS R"sql(
          FROM vault.service s
         WHERE s.workspace_id = workspace.current_id()
         ORDER BY s.name COLLATE "C"
    )sql"};
    const auto result = session.query(select);
    std::vector<Service> services;
    services.reserve(static_cast<std::size_t>(result.size()));
    for (const auto row : result) services.push_back(service_of(row));
    return services;
}

std::optional<Service> find_service(db::Session& session, std::string_view name) {
    static constexpr db::Statement select{"vault.find_service", "SELECT " VAULT_SERVICE_COLUMNS R"sql(
          FROM vault.service s
         WHERE s.workspace_id = workspace.current_id() AND s.name = $1
    )sql"};
    const auto result = session.query(select, name);
    if (result.empty()) return std::nullopt;
    return service_of(result.front());
}

Service require_service(db::Session& session, std::string_view name) {
    auto service = find_service(session, name);
    if (!service) not_found(name);
    return *std::move(service);
}

Service update_service(db::Session& session, std::string_view name, const ServiceChange& change) {
    static constexpr db::Statement update{"vault.update_service", R"sql(
        UPDATE vault.service
           SET description = coalesce($2, description), revealable = coalesce($3, revealable),
               state = coalesce($4::text, state), policy = coalesce($5::jsonb, policy),
               echoed_at = CASE WHEN $6 THEN NULL ELSE echoed_at END, updated_at = now()
         WHERE workspace_id = workspace.current_id() AND name = $1
           AND (state <> 'revoked' OR $4::text IS NULL)
    )sql"};
    std::optional<std::string> state;
    if (change.state) state = std::string{name_of(*change.state)};
    std::optional<std::string> policy;
    if (change.policy) policy = json_of(*change.policy);
    const auto changed =
        session.query(update, name, change.description, change.revealable, state, policy, change.forgets_echo)
            .affected();
    auto service = require_service(session, name);
    if (changed == 0) {
        throw base::Error{base::Reason::conflict, "credential_revoked",
                          "this credential was revoked: store a new secret or connect anew"};
    }
    return service;
}

void delete_service(db::Session& session, std::string_view name) {
    static constexpr db::Statement remove{"vault.delete_service", R"sql(
        DELETE FROM vault.service WHERE workspace_id = workspace.current_id() AND name = $1
    )sql"};
    if (session.query(remove, name).affected() == 0) not_found(name);
}

}  // namespace vault
