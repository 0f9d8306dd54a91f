#include "egress/explain.hpp"

#include "http_syntax/field.hpp"
#include "http_syntax/url.hpp"
#include "schema/json.hpp"
#include "vault/sketch.hpp"

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

void add_budget_check(Explanation& explanation) {
    for (const auto& limit : explanation.budgets) {
        if (limit.remaining != 0) continue;
        const auto reason =
            "the upstream's limit on " + limit.bucket + " is used up until " + *limit.reset_at;
        explanation.checks.push_back({"budget", false, reason});
        if (!explanation.code) {
            explanation.code = "upstream_budget_used_up";
            explanation.reason = reason;
        }
        return;
    }
    explanation.checks.push_back({"budget", true, "the upstream still allows it as far as is known"});
}

}  // namespace

Explanation explanation_of(const Plan& plan, const OpenedService& opened, const vault::Connector& connector,
                           std::vector<egress_client::RateLimit> budgets) {
    Explanation explanation;
    explanation.checks.push_back({"target", true, plan.request.url.origin() + " is the service's own"});
    for (const auto& check : plan.decision.checks)
        explanation.checks.push_back({check.rule, check.passed, check.detail});
    if (!plan.decision.is_allowed()) {
        explanation.code = plan.decision.code;
        explanation.reason = plan.decision.reason;
    }
    explanation.checks.push_back({"leak", !plan.leak,
                                  plan.leak ? "the request holds a secret of this workspace"
                                            : "the request holds no secret of this workspace"});
    if (plan.leak && !explanation.code) {
        explanation.code = "secret_in_request";
        explanation.reason = "Gatehouse adds credentials itself";
    }
    explanation.budgets = std::move(budgets);
    add_budget_check(explanation);
    explanation.decision = explanation.code               ? "denied"
                           : plan.decision.needs_approval ? "needs_approval"
                                                          : "allowed";
    const auto& method = connector.auth_method(opened.service.auth_method);
    if (!plan.leak)
        explanation.request = request_shown(plan.request, vault::sketch_of(method, opened.service));
    explanation.response = opened.service.policy.response.value_or(std::vector<std::string>{});
    return explanation;
}

Explanation explanation_of(const base::Error& refusal) {
    return {.decision = "denied",
            .code = refusal.code(),
            .reason = refusal.what(),
            .checks = {{"target", false, refusal.what()}},
            .request = {},
            .budgets = {},
            .response = {}};
}

}  // namespace egress
