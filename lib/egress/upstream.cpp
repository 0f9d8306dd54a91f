#include "egress/upstream.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "egress/alarm.hpp"
#include "egress/answer.hpp"
#include "egress/body.hpp"
#include "egress/clean_answer.hpp"
#include "egress/credential.hpp"
#include "egress/explain.hpp"
#include "egress/gate.hpp"
#include "egress/kept_secret.hpp"
#include "egress/projection.hpp"
#include "egress/rate_limit.hpp"
#include "egress/reservation.hpp"
#include "egress/sigv4.hpp"
#include "egress/status.hpp"

namespace egress {
namespace {

using base::Error;
using base::Reason;
using Clock = base::Clock;

constexpr std::chrono::milliseconds default_limit{30000};
constexpr std::chrono::milliseconds probe_limit{10000};

std::string pool_key_of(const Caller& caller, const vault::Service& service) {
    return caller.workspace.text() + '/' + service.id.text() + '/' + std::to_string(service.version);
}

redaction::Patterns patterns_of(const Credential& credential, const vault::AuthMethod& method) {
    redaction::Patterns patterns;
    for (const auto& [name, secret] : credential.secrets) {
        if (method.is_secret(name)) patterns.add(secret.reveal());
    }
    for (const auto& rendered : credential.rendered) patterns.add(rendered.reveal());
    patterns.prepare();
    return patterns;
}

void put_in(http_client::Request& request, Credential& credential) {
    for (auto& field : credential.fields) request.fields.push_back(std::move(field));
    request.query_suffix = std::move(credential.query);
    inject_members(request, credential.members);
}

AwsScope aws_scope_of(const vault::Service& service) {
    return {service.settings.at("region"), service.settings.at("service")};
}

/// The service with those of its sealed fields alone that the method's injections name.
OpenedService injected_part(const OpenedService& opened, const vault::AuthMethod& method) {
    OpenedService part{.service = opened.service, .fields = {}, .token = {}};
    for (const auto& field : opened.fields) {
        const auto placeholder = '{' + field.name + '}';
        const bool is_injected = std::any_of(
            method.injections.begin(), method.injections.end(),
            [&](const auto& injection) { return injection.value.find(placeholder) != std::string::npos; });
        if (is_injected) part.fields.push_back(field);
    }
    return part;
}

}  // namespace

Upstream::Upstream(const base::Config& config, http_client::Resolver resolver)
    : database_{config.database, "gatehouse_egress"},
      key_encryption_{config.keys.vault},
      connectors_{vault::ConnectorCatalog::load(config.egress.connectors)},
      client_{http_client::AddressGuard{config.egress.allow}, config.egress.ca, std::move(resolver)},
      opened_services_{database_},
      recorder_{database_, leases_},
      leak_watch_{database_, key_encryption_, connectors_},
      tokens_{database_, key_encryption_, client_},
      credential_errands_{{database_, key_encryption_, connectors_, client_, tokens_}, config},
      resealer_{database_, key_encryption_} {}

const vault::Connector& Upstream::connector_of(const OpenedService& opened) const {
    if (const auto* connector = connectors_.find(opened.service.connector)) return *connector;
    throw Error{
        Reason::unavailable, "connector_missing",
        "connector " + opened.service.connector + " is no longer installed; the operator can restore it"};
}

Upstream::Outcome Upstream::send(const Caller& caller, const OpenedService& opened,
                                 const vault::Connector& connector, http_client::Request request,
                                 std::chrono::milliseconds limit, const IsCancelled& is_cancelled) {
    const auto slot = tenants_.enter(caller.workspace);
    const auto& method = connector.auth_method(opened.service.auth_method);
    const auto counted = counted_form(request);
    Outcome outcome;
    auto credential = render_credential(method, opened.service, secrets_for(caller, opened, method, outcome));
    const auto patterns = patterns_of(credential, method);
    put_in(request, credential);
    if (method.signature)
        sign_for_aws(request, aws_scope_of(opened.service), credential.secrets, Clock::now());
    request.pool_key = pool_key_of(caller, opened.service);

    auto answer = perform_clean(client_, request, patterns, limit, is_cancelled);
    outcome.response = std::move(answer.response);
    buckets_.learn(connector, opened.service.id, counted, outcome.response);
    const auto now = Clock::now();
    outcome.result = result_of(outcome.response, request.url, patterns);
    outcome.result.redactions += answer.redactions;
    outcome.result.rate_limits = rate_limits_of(outcome.response, connector, now, counted);
    outcome.result.retry_at = retry_at_of(outcome.response, outcome.result.rate_limits, now);
    return outcome;
}

/// Of a method with a grant only what is sent is opened: the client's own secret stays sealed.
vault::Secrets Upstream::secrets_for(const Caller& caller, const OpenedService& opened,
                                     const vault::AuthMethod& method, Outcome& outcome) {
    if (!method.grant) return open_secrets(key_encryption_, caller, opened);
    const vault_grant::Holder holder{caller.workspace, opened.service, opened.fields, &method};
    auto secrets = open_secrets(key_encryption_, caller, injected_part(opened, method));
    outcome.token = tokens_.access_token(holder, opened.token.value_or(vault_grant::Token{}));
    secrets.emplace("access_token", std::move(outcome.token->secret));
    return secrets;
}

bool Upstream::replace_refused(const Caller& caller, const OpenedService& opened,
                               const vault::Connector& connector, const Outcome& outcome) {
    if (!outcome.token || heard_in_passing(outcome.result, connector) != false) return false;
    const auto& method = connector.auth_method(opened.service.auth_method);
    return tokens_.replace_refused({caller.workspace, opened.service, opened.fields, &method},
                                   *outcome.token);
}

void Upstream::note(const Caller& caller, const OpenedService& opened, const Outcome& outcome,
                    std::optional<bool> valid, const char* source) {
    recorder_.note(caller.workspace, opened.service, last_call_of(outcome.result, valid, source));
}

egress_client::CallResult Upstream::call(const Caller& caller, const egress_client::CallRequest& request,
                                         const IsCancelled& is_cancelled) {
    bool may_repeat = false;
    auto result = call_once(caller, request, is_cancelled, &may_repeat);
    if (!may_repeat) return result;
    opened_services_.forget();
    return call_once(caller, request, is_cancelled, nullptr);
}

/// `may_repeat`: whether the access token was refused and has been replaced; null when it is not to be.
egress_client::CallResult Upstream::call_once(const Caller& caller, const egress_client::CallRequest& request,
                                              const IsCancelled& is_cancelled, bool* may_repeat) {
    const auto known = opened_services_.open(caller, request.service_name);
    const auto& opened = *known;
    const auto& connector = connector_of(opened);
    auto plan = plan_of(database_, leak_watch_, caller, opened, connector, request);
    admit(database_, caller, opened, plan);
    Reservation reservation{
        database_, leases_, recorder_,
        caller,    opened,  buckets_.find(connector, opened.service.id, counted_form(plan.request))};

    const std::chrono::milliseconds limit{request.timeout_ms.value_or(default_limit.count())};
    const bool is_idempotent = plan.request.method->is_idempotent;
    reservation.mark_sent();
    auto outcome = send(caller, opened, connector, std::move(plan.request), limit, is_cancelled);
    if (reservation.hear(budget_limits_of(outcome.result, connector))) opened_services_.forget();
    const bool was_replaced = may_repeat && replace_refused(caller, opened, connector, outcome);
    if (was_replaced && is_idempotent) {
        *may_repeat = true;
        return std::move(outcome.result);
    }
    const auto heard = was_replaced ? std::nullopt : heard_in_passing(outcome.result, connector);
    note(caller, opened, outcome, heard, "passive");
    finish(caller, opened, connector, plan.decision, outcome.result);
    return std::move(outcome.result);
}

/// What the policy and the connector want done with an answer before it is shown.
void Upstream::finish(const Caller& caller, const OpenedService& opened, const vault::Connector& connector,
                      const vault::Decision& decision, egress_client::CallResult& result) {
    if (result.redactions > 0) {
        raise_alert(database_, caller, opened.service.id, "credential_echoed",
                    std::to_string(result.redactions) + " times in one answer");
    }
    if (decision.makes_secret)
        keep_made_secret(database_, caller, opened, connector, *decision.makes_secret, result);
    if (opened.service.policy.response) project(result, *opened.service.policy.response);
    if (decision.needs_approval) result.needs_approval = true;
}

egress_client::Explanation Upstream::explain(const Caller& caller,
                                             const egress_client::CallRequest& request) {
    const auto opened = open_service(database_, caller, Need::read, request.service_name);
    const auto& connector = connector_of(opened);
    try {
        if (opened.service.state != vault::ServiceState::active) throw service_disabled(request.service_name);
        const auto plan = plan_of(database_, leak_watch_, caller, opened, connector, request);
        report_leak(database_, caller, opened, plan);
        const auto bucket = buckets_.find(connector, opened.service.id, counted_form(plan.request));
        return explanation_of(plan, opened, connector,
                              budgets_of(database_, caller.workspace, opened.service.id, bucket));
    } catch (const Error& refusal) {
        if (refusal.reason() == Reason::unauthenticated) throw;
        return explanation_of(refusal);
    }
}

egress_client::RevealResult Upstream::reveal(const Caller& caller, const std::string& service_name) {
    const auto opened = open_service(database_, caller, Need::reveal, service_name);
    require_agent(caller, opened);
    if (!opened.service.revealable) {
        throw Error{Reason::forbidden, "not_revealable",
                    "service \"" + service_name + "\" is not revealable: use call_service instead"};
    }
    egress_client::RevealResult result{.service_name = service_name, .secrets = {}};
    Outcome unused;
    const auto& method = connector_of(opened).auth_method(opened.service.auth_method);
    for (const auto& [field, secret] : secrets_for(caller, opened, method, unused))
        result.secrets.emplace(field, secret.reveal());
    return result;
}

egress_client::CredentialStatus Upstream::check(const Caller& caller, const std::string& service_name) {
    auto opened = open_service(database_, caller, Need::read, service_name);
    require_audience(database_, caller, opened);
    const auto& connector = connector_of(opened);
    const auto& method = connector.auth_method(opened.service.auth_method);
    if (opened.service.state != vault::ServiceState::active) complete_inactive(caller, opened);
    auto token = token_status(method, opened.token, Clock::now());
    const bool can_work = opened.service.state == vault::ServiceState::active &&
                          (!token || token->state == "active" || token->state == "degraded" ||
                           (token->state == "expired" && token->is_refreshable));
    const bool may_ask = can_work && connector.verify && !is_recent(opened.service.last_call, Clock::now()) &&
                         claim_probe(database_, caller.workspace, opened.service);
    auto status = may_ask ? probe(caller, opened, connector)
                          : status_of(opened.service, opened.service.last_call, token);
    add_budgets(status, budgets_of(database_, caller.workspace, opened.service.id, {}));
    return status;
}

/// What open_service does not tell of a service that may not be used.
void Upstream::complete_inactive(const Caller& caller, OpenedService& opened) {
    const auto holder = vault_grant::find_holder(database_, connectors_, caller.workspace, opened.service.id);
    if (!holder) return;
    opened.service.state = holder->service.state;
    const auto token = vault_grant::read_token(database_, caller.workspace, opened.service.id);
    if (token.version > 0) opened.token = token;
}

egress_client::CredentialStatus Upstream::probe(const Caller& caller, const OpenedService& opened,
                                                const vault::Connector& connector) {
    const auto& method = connector.auth_method(opened.service.auth_method);
    const auto token_now = [&] {
        return token_status(method,
                            method.grant ? std::optional{vault_grant::read_token(database_, caller.workspace,
                                                                                 opened.service.id)}
                                         : std::nullopt,
                            Clock::now());
    };
    try {
        const auto outcome =
            send(caller, opened, connector, probe_of(opened.service, connector), probe_limit, {});
        const auto valid = heard_from_probe(outcome.result, *connector.verify);
        note(caller, opened, outcome, valid, "probe");
        return status_of(opened.service, last_call_of(outcome.result, valid, "probe"), token_now());
    } catch (const Error& error) {
        const bool is_told_by_state = error.code().starts_with("credential_");
        if (error.reason() != Reason::upstream_failed && !is_told_by_state) throw;
        auto status = status_of(opened.service, opened.service.last_call, token_now());
        if (!is_told_by_state)
            status.action = std::string{"the upstream could not be asked: "} + error.what();
        return status;
    }
}

egress_client::ConnectionStart Upstream::start_connection(const Caller& caller,
                                                          const egress_client::ConnectionRequest& request) {
    const auto opened = open_service(database_, caller, Need::administer, request.service_name);
    vault::require_connectable(connector_of(opened).auth_method(opened.service.auth_method));
    const auto start = credential_errands_.connecting().start(
        {caller.workspace, opened.service.id, {}, request.workspace_slug, {}}, caller.credential.uuid());
    return {start.url, base::rfc3339_of(start.expires_at)};
}

}  // namespace egress
