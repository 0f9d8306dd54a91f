#include "egress/kept_secret.hpp"

#include "base/error.hpp"
#include "egress/alarm.hpp"
#include "redaction/patterns.hpp"
#include "schema/json.hpp"
#include "vault/seal.hpp"
#include "vault/workspace_key.hpp"

namespace egress {
namespace {

using egress_client::CallResult;
using egress_client::json;

/// The new service: like the one whose call made the secret, but for how it authenticates.
struct Keeper {
    vault::ServiceId id = vault::ServiceId::create();
    std::string name;
    std::string auth_method;
    std::string field;
};

std::optional<Keeper> keeper_of(const OpenedService& opened, const vault::Connector& connector,
                                const vault::SecretEndpoint& endpoint) {
    const auto& method = connector.auth_method(endpoint.auth_method.value_or(opened.service.auth_method));
    if (method.secrets.size() != 1 || method.grant) return std::nullopt;
    Keeper keeper;
    const auto id = keeper.id.text();
    keeper.name = opened.service.name.substr(0, 48) + "-" + id.substr(id.size() - 12);
    keeper.auth_method = method.name;
    keeper.field = method.secrets.front().name;
    return keeper;
}

void withhold(db::Database& database, const Caller& caller, const OpenedService& opened, CallResult& result) {
    if (!result.body_json && !result.body && !result.body_base64) return;
    result.body_json.reset();
    result.body.reset();
    result.body_base64.reset();
    result.withheld = "the answer may hold a secret that could not be taken out and kept";
    raise_alert(database, caller, opened.service.id, "secret_withheld",
                "status " + std::to_string(result.status));
}

bool store(db::Database& database, const Caller& caller, const OpenedService& opened, const Keeper& keeper,
           const base::Secret& secret) {
    static constexpr db::Statement keep{"egress.keep_secret",
                                        "SELECT vault.keep_secret($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};
    db::Autocommit session{database, db::Scope{caller.workspace.uuid()}};
    const auto key = vault::find_sealing_key(session);
    if (!key) return false;
    const auto& service = opened.service;
    const auto use =
        vault::use_digest_of(service.connector, keeper.auth_method, service.origins, service.settings);
    const auto sealed = vault::seal_field(*key, {caller.workspace, keeper.id, keeper.field, 1, use}, secret);
    const auto result =
        session.query(keep, caller.credential, db::Bytes{caller.proof}, caller.workspace, service.id,
                      keeper.id, keeper.name, keeper.auth_method, keeper.field, key->id, db::Bytes{sealed});
    return result.front().boolean(0);
}

json* find_in(CallResult& result, const std::string& pointer) {
    if (!result.body_json || result.truncated) return nullptr;
    const json::json_pointer place{pointer};
    if (!result.body_json->contains(place)) return nullptr;
    auto& value = (*result.body_json)[place];
    return value.is_string() && value.get_ref<const std::string&>().size() >= 8 ? &value : nullptr;
}

/// The secret may stand elsewhere in the answer too, as in a URL.
void redact_rest(CallResult& result, const base::Secret& secret) {
    redaction::Patterns patterns;
    patterns.add(secret.reveal());
    patterns.prepare();
    for (auto& [name, value] : result.headers) redact(patterns, value);
    auto text = schema::dump(*result.body_json);
    if (redact(patterns, text) > 0) result.body_json = schema::parse(text);
}

}  // namespace

void keep_made_secret(db::Database& database, const Caller& caller, const OpenedService& opened,
                      const vault::Connector& connector, const vault::SecretEndpoint& endpoint,
                      CallResult& result) {
    if (result.status < 200 || result.status > 299) return;
    const auto keeper = keeper_of(opened, connector, endpoint);
    auto* place = keeper ? find_in(result, *endpoint.secret) : nullptr;
    if (!place) return withhold(database, caller, opened, result);
    const auto secret = base::Secret::take(place->get_ref<std::string&>());
    *place = "[kept by service " + keeper->name + "]";
    if (!store(database, caller, opened, *keeper, secret)) return withhold(database, caller, opened, result);
    redact_rest(result, secret);
    result.kept_secret = egress_client::KeptSecret{*endpoint.secret, keeper->name};
}

}  // namespace egress
