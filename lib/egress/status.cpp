#include "egress/status.hpp"

#include <algorithm>

#include "egress/outgoing.hpp"
#include "egress/rate_limit.hpp"
#include "schema/schema.hpp"
#include "vault/placeholder.hpp"
#include "vault_grant/refusal.hpp"

namespace egress {
namespace {

using egress_client::CallResult;
using egress_client::json;
using egress_client::RateLimit;

bool is_among(int status, const std::vector<int>& statuses) {
    return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

std::optional<bool> member_of(const CallResult& result, const std::optional<std::string>& name) {
    if (!name || !result.body_json || !result.body_json->is_object()) return std::nullopt;
    const auto member = result.body_json->find(*name);
    if (member == result.body_json->end() || !member->is_boolean()) return std::nullopt;
    return member->get<bool>();
}

std::optional<bool> heard_in_body(const CallResult& result, const vault::Verification& verify) {
    const auto is_good = member_of(result, verify.valid_member);
    if (is_good != false || verify.invalid_errors.empty()) return is_good;
    const auto error = result.body_json->find(*verify.error_member);
    if (error == result.body_json->end() || !error->is_string()) return std::nullopt;
    const auto& errors = verify.invalid_errors;
    const bool refutes = std::find(errors.begin(), errors.end(), error->get<std::string>()) != errors.end();
    return refutes ? std::optional{false} : std::nullopt;
}

std::vector<RateLimit> rate_limits_in(const std::string& text) {
    std::vector<RateLimit> limits;
    for (const auto& element : schema::parse(text)) limits.push_back(schema::decode<RateLimit>(element));
    return limits;
}

}  // namespace

std::optional<bool> heard_in_passing(const CallResult& result, const vault::Connector& connector) {
    if (result.status == 401) return false;
    if (result.status < 200 || result.status > 299) return std::nullopt;
    if (!connector.verify || !connector.verify->valid_member) return true;
    const auto heard = heard_in_body(result, *connector.verify);
    return heard == false && connector.verify->invalid_errors.empty() ? std::nullopt : heard;
}

std::optional<bool> heard_from_probe(const CallResult& result, const vault::Verification& verify) {
    if (is_among(result.status, verify.invalid)) return false;
    if (!is_among(result.status, verify.valid)) return std::nullopt;
    if (!verify.valid_member) return true;
    return heard_in_body(result, verify);
}

bool is_recent(const std::optional<vault::LastCall>& last, base::Clock::time_point now) {
    return last && now - last->checked_at < std::chrono::minutes{1} &&
           (last->valid || last->source == "probe");
}

http_client::Request probe_of(const vault::Service& service, const vault::Connector& connector) {
    egress_client::CallRequest call;
    call.service_name = service.name;
    call.method = connector.verify->method;
    call.url = vault::fill_in(connector.verify->path, [&](const std::string& name) {
        const auto found = service.settings.find(name);
        return found == service.settings.end() ? nullptr : &found->second;
    });
    if (connector.verify->body) call.body_json = schema::parse(*connector.verify->body);
    return request_of(call, service, connector, {});
}

vault::LastCall last_call_of(const CallResult& result, std::optional<bool> valid, const char* source) {
    auto limits = json::array();
    for (const auto& limit : result.rate_limits) limits.push_back(schema::encode(limit));
    vault::LastCall last{
        .status = result.status,
        .valid = valid,
        .source = source,
        .checked_at = base::Clock::now(),
        .rate_limits = schema::dump(limits),
        .retry_at = {},
    };
    if (result.retry_at)
        last.retry_at = reset_time(*result.retry_at, vault::ResetUnit::rfc3339, last.checked_at);
    return last;
}

bool claim_probe(db::Database& database, const auth::WorkspaceId& workspace, const vault::Service& service) {
    static constexpr db::Statement claim{"egress.claim_probe", R"sql(
        INSERT INTO vault.probe AS p (workspace_id, service_id, version) VALUES ($1, $2, $3)
            ON CONFLICT (workspace_id, service_id) DO UPDATE
           SET asked_at = now(), version = excluded.version
         WHERE p.asked_at < now() - interval '1 minute' OR p.version <> excluded.version
     RETURNING version
    )sql"};
    db::Autocommit session{database, db::Scope{workspace.uuid()}};
    return !session.query(claim, workspace, service.id, service.version).empty();
}

std::optional<TokenStatus> token_status(const vault::AuthMethod& method,
                                        const std::optional<vault_grant::Token>& token,
                                        base::Clock::time_point now) {
    if (!method.grant) return std::nullopt;
    TokenStatus status{.token = token.value_or(vault_grant::Token{}), .is_refreshable = {}, .state = {}};
    const bool needs_user = method.grant->type == vault::GrantType::authorization_code;
    auto& known = status.token;
    if (known.version == 0 && needs_user && known.state == "active") {
        known.state = "needs_reconnect";
        known.reason = "nobody has connected it yet";
    }
    const bool is_claimed = known.claim_until && *known.claim_until > now;
    const bool is_over = known.version > 0 && !known.is_usable(now);
    status.is_refreshable = known.is_renewable() && (!needs_user || !known.refresh.empty());
    status.state = known.state;
    if (is_over && (known.state == "active" || known.state == "degraded")) status.state = "expired";
    if (is_over && known.state == "active" && needs_user && known.refresh.empty())
        status.state = known.state = "needs_reconnect";
    if (is_claimed && known.is_renewable()) status.state = "refreshing";
    return status;
}

namespace {

void add_token(egress_client::CredentialStatus& status, const vault::Service& service,
               const TokenStatus& known) {
    const auto& token = known.token;
    if (service.state == vault::ServiceState::active) status.state = known.state;
    status.since = base::rfc3339_of(token.since);
    if (!token.reason.empty()) status.reason = token.reason;
    status.expires_at = base::rfc3339_of(token.expires_at);
    status.refreshable = known.is_refreshable && service.state == vault::ServiceState::active;
    if (status.refreshable) status.next_refresh_at = base::rfc3339_of(token.refresh_at);
    if (token.retry_at && *token.retry_at > base::Clock::now())
        status.retry_at = base::rfc3339_of(*token.retry_at);
}

void add_last_call(egress_client::CredentialStatus& status, const vault::LastCall& last) {
    if (last.valid) status.valid = *last.valid ? "true" : "false";
    status.source = last.source;
    status.status = last.status;
    status.checked_at = base::rfc3339_of(last.checked_at);
    status.rate_limits = rate_limits_in(last.rate_limits);
    if (last.retry_at) status.retry_at = base::rfc3339_of(last.retry_at);
}

std::optional<std::string> action_for(const vault::Service& service,
                                      const std::optional<vault::LastCall>& last,
                                      const std::optional<TokenStatus>& token) {
    if (service.state == vault::ServiceState::disabled) return "an administrator can enable it";
    if (service.state == vault::ServiceState::revoked)
        return "an administrator must store a new secret or connect it anew";
    if (token) {
        if (const auto action = vault_grant::action_of(service, token->token)) return action;
    }
    if (last && last->valid == false)
        return "the upstream refuses this credential: an administrator must store a new one";
    if (last && last->retry_at && *last->retry_at > base::Clock::now()) return "wait until retry_at";
    return std::nullopt;
}

}  // namespace

egress_client::CredentialStatus status_of(const vault::Service& service,
                                          const std::optional<vault::LastCall>& last,
                                          const std::optional<TokenStatus>& token) {
    egress_client::CredentialStatus status;
    status.service_name = service.name;
    status.state = vault::name_of(service.state);
    status.valid = "unknown";
    status.source = "none";
    if (last) add_last_call(status, *last);
    if (token) add_token(status, service, *token);
    status.action = action_for(service, last, token);
    return status;
}

void add_budgets(egress_client::CredentialStatus& status, std::vector<KnownBudget> budgets) {
    const auto told = status.rate_limits;
    for (auto& budget : budgets) {
        const bool is_told = std::any_of(
            told.begin(), told.end(), [&](const auto& limit) { return limit.bucket == budget.limit.bucket; });
        if (!is_told) status.rate_limits.push_back(std::move(budget.limit));
    }
}

}  // namespace egress
