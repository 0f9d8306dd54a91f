#include "egress/opened_service.hpp"

#include "crypto/encoding.hpp"
#include "egress/alarm.hpp"
#include "vault/service_row.hpp"

namespace egress {
namespace {

using base::Error;
using base::Reason;

std::vector<std::string> scopes_for(Need need) {
    switch (need) {
        case Need::read:
            return {"mcp.read", "mcp.write"};
        case Need::write:
            return {"mcp.write"};
        case Need::reveal:
            return {"vault.reveal"};
        case Need::administer:
            return {"admin"};
    }
    return {};
}

constexpr std::size_t sha256_size = 32;

[[noreturn]] void refuse_credential() {
    throw Error{Reason::unauthenticated, "credential_invalid",
                "the credential is unknown, disabled or expired"};
}

bool is_shown_when_disabled(Need need) { return need == Need::read || need == Need::administer; }

void check_verdict(std::string_view verdict, Need need, const std::string& name) {
    if (verdict == "ok" || (verdict == "service_disabled" && is_shown_when_disabled(need))) return;
    if (verdict == "insufficient_scope") {
        throw Error{Reason::insufficient_scope, "insufficient_scope",
                    "this needs the scope " + scopes_for(need).front()};
    }
    if (verdict == "service_disabled") throw service_disabled(name);
    throw Error{Reason::not_found, "service_not_found",
                "there is no service \"" + name + "\"; list_services names those there are"};
}

std::vector<vault_open::SealedField> fields_of(const db::Row& row) {
    std::vector<vault_open::SealedField> fields;
    if (row.is_null(9)) return fields;
    auto names = row.strings(9);
    const auto sealed = row.strings(10);
    const auto wrapped = row.strings(11);
    for (std::size_t i = 0; i < names.size(); ++i) {
        fields.push_back({std::move(names[i]), crypto::bytes_of_hex(sealed[i]).value(),
                          crypto::bytes_of_hex(wrapped[i]).value()});
    }
    return fields;
}

Guard guard_of(const db::Row& row) {
    return {.is_decoy = row.boolean(18),
            .client_id = row.optional_string(19),
            .watch_generation = row.integer(20),
            .has_budget = row.boolean(21)};
}

}  // namespace

Caller caller_of(const egress_client::Envelope& envelope) {
    const auto workspace = auth::WorkspaceId::parse(envelope.workspace);
    const auto credential = auth::KeyId::parse(envelope.credential);
    auto proof = crypto::bytes_of_base64url(envelope.proof);
    if (!workspace || !credential || !proof || proof->size() != sha256_size) refuse_credential();
    return {*workspace, *credential, *std::move(proof)};
}

Error service_disabled(const std::string& name) {
    return {Reason::forbidden, "service_disabled",
            "service \"" + name + "\" is disabled; an administrator can enable it"};
}

OpenedService open_service(db::Database& database, const Caller& caller, Need need, const std::string& name) {
    static constexpr db::Statement open{"egress.open_service", R"sql(
        SELECT verdict, service_id, connector, auth_method, origins, settings, policy, revealable, o.version,
               fields, sealed, wrapped_keys, last_status, last_valid, last_source,
               extract(epoch FROM last_checked_at), last_rate_limits, extract(epoch FROM last_retry_at),
               g.decoy, g.client_id, g.watch_generation, g.has_budget,
               )sql" VAULT_TOKEN_COLUMNS R"sql(
          FROM vault.open_service($1, $2, $3, $4, $5) o
          LEFT JOIN LATERAL vault.guard_call($4, o.service_id, $1) g
            ON o.verdict IN ('ok', 'service_disabled')
          LEFT JOIN LATERAL vault.open_token($4, o.service_id) t ON o.verdict = 'ok'
    )sql"};
    db::Autocommit session{database, db::Scope{caller.workspace.uuid()}};
    const auto result = session.query(open, caller.credential, db::Bytes{caller.proof}, scopes_for(need),
                                      caller.workspace, name);
    if (result.empty()) refuse_credential();
    const auto row = result.front();
    check_verdict(row.text(0), need, name);
    OpenedService opened;
    opened.service.id = vault::ServiceId{row.uuid(1)};
    opened.service.name = name;
    if (row.text(0) != "ok") opened.service.state = vault::ServiceState::disabled;
    opened.service.connector = row.string(2);
    opened.service.auth_method = row.string(3);
    opened.service.origins = row.strings(4);
    opened.service.settings = vault::settings_of(row.text(5));
    opened.service.policy = vault::policy_of(row.text(6));
    opened.service.revealable = row.boolean(7);
    opened.service.version = row.integer(8);
    opened.service.last_call = vault::last_call_of(row);
    opened.fields = fields_of(row);
    opened.guard = guard_of(row);
    opened.token = vault_grant::token_of(row, 22);
    if (opened.guard.is_decoy && need != Need::administer)
        trip_decoy(database, caller, opened.service.id, "decoy_used", name);
    return opened;
}

}  // namespace egress
