#include "egress/explain.hpp"

#include "http_syntax/field.hpp"
#include "http_syntax/url.hpp"
#include "schema/json.hpp"
#include "vault/sketch.hpp"
#include "vault_grant/refusal.hpp"

namespace egress {
namespace {

using egress_client::ExplainedRequest;
using egress_client::Explanation;
using egress_client::json;

std::string body_with(const std::string& body,
                      const std::vector<std::pair<std::string, std::string>>& members, bool is_form) {
    if (members.empty()) return body;
    if (is_form) {
        auto text = body;
        for (const auto& [name, value] : members)
            text += (text.empty() ? "" : "&") + http_syntax::percent_encode(name) + '=' + value;
        return text;
    }
    auto object = body.empty() ? json::object() : schema::parse(body);
    for (const auto& [name, value] : members) object[name] = value;
    return schema::dump(object);
}

ExplainedRequest request_shown(const http_client::Request& request, const vault::CredentialSketch& sketch) {
    ExplainedRequest shown{
        .method = request.method->name, .url = request.url.text(), .headers = {}, .body = {}};
    for (const auto& [name, value] : sketch.query)
        shown.url += (shown.url.find('?') == std::string::npos ? '?' : '&') + name + '=' + value;
    bool is_form = false;
    for (const auto& field : request.fields) {
        shown.headers.emplace(field.name, field.value.reveal());
        is_form = is_form || (http_syntax::lower(field.name) == "content-type" &&
                              field.value.reveal().find("form-urlencoded") != std::string_view::npos);
    }
    for (const auto& [name, value] : sketch.fields) shown.headers[name] = value;
    if (request.body || !sketch.members.empty())
        shown.body = body_with(request.body.value_or(""), sketch.members, is_form);
    return shown;
}

void add(Explanation& explanation, const char* rule, bool passed, std::string detail) {
    explanation.checks.push_back({rule, passed, std::move(detail)});
}

void refuse(Explanation& explanation, const char* rule, std::string code, const std::string& reason) {
    add(explanation, rule, false, reason);
    explanation.code = std::move(code);
    explanation.reason = reason;
}

const char* rule_of(const base::Error& refusal) {
    if (refusal.code() == "agent_not_allowed") return "agent";
    return refusal.code() == "service_disabled" ? "service" : "target";
}

void add_decision(Explanation& explanation, const vault::Decision& decision) {
    for (const auto& check : decision.checks)
        add(explanation, check.rule.c_str(), check.passed, check.detail);
    if (decision.is_allowed()) return;
    explanation.code = decision.code;
    explanation.reason = decision.reason;
}

void add_leak(Explanation& explanation, bool leaks) {
    if (leaks)
        return refuse(explanation, "leak", "secret_in_request",
                      "the request holds a secret of this workspace; Gatehouse adds credentials itself");
    add(explanation, "leak", true, "the request holds no secret of this workspace");
}

void add_credential(Explanation& explanation, const OpenedService& opened, const vault::AuthMethod& method) {
    const auto token = opened.token.value_or(vault_grant::Token{});
    if (const auto refusal = vault_grant::known_refusal(opened.service, method, token))
        return refuse(explanation, "credential", refusal->code(), refusal->what());
    add(explanation, "credential", true, "it can be used as far as is known");
}

void add_budgets(Explanation& explanation, std::vector<KnownBudget> budgets) {
    const KnownBudget* used_up = nullptr;
    for (const auto& budget : budgets) {
        explanation.budgets.push_back(budget.limit);
        if (!used_up && budget.applies && budget.limit.remaining == 0) used_up = &budget;
    }
    if (!used_up) return add(explanation, "budget", true, "the upstream still allows it as far as is known");
    refuse(
        explanation, "budget", "upstream_budget_used_up",
        "the upstream's limit on " + used_up->limit.bucket + " is used up until " + *used_up->limit.reset_at);
}

/// In the order of a call, which stops at the first refusal and tells nothing of what comes behind it.
void add_rest(Explanation& explanation, const Plan& plan, const OpenedService& opened,
              const vault::AuthMethod& method, std::vector<KnownBudget> budgets) {
    if (!explanation.code) add_leak(explanation, plan.leak.has_value());
    if (!explanation.code) add_budgets(explanation, std::move(budgets));
    if (!explanation.code) add_credential(explanation, opened, method);
}

}  // namespace

Explanation explanation_of(const Plan& plan, const OpenedService& opened, const vault::Connector& connector,
                           std::vector<KnownBudget> budgets) {
    const auto& method = connector.auth_method(opened.service.auth_method);
    Explanation explanation;
    add(explanation, "target", true, plan.request.url.origin() + " is the service's own");
    add_decision(explanation, plan.decision);
    add_rest(explanation, plan, opened, method, std::move(budgets));
    explanation.decision = explanation.code               ? "denied"
                           : plan.decision.needs_approval ? "needs_approval"
                                                          : "allowed";
    if (explanation.code != "secret_in_request")
        explanation.request = request_shown(plan.request, vault::sketch_of(method, opened.service));
    explanation.response = opened.service.policy.response.value_or(std::vector<std::string>{});
    return explanation;
}

Explanation explanation_of(const base::Error& refusal) {
    return {.decision = "denied",
            .code = refusal.code(),
            .reason = refusal.what(),
            .checks = {{rule_of(refusal), false, refusal.what()}},
            .request = {},
            .budgets = {},
            .response = {}};
}

}  // namespace egress
