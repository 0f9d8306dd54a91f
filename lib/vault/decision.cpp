#include "vault/decision.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "vault/request_pattern.hpp"

namespace vault {
namespace {

using Patterns = std::optional<std::vector<std::string>>;

/// `matches`: matches_request for what allows, resembles_request for what denies.
template <class Matches>
const std::string* first_match(const Patterns& patterns, const RequestFacts& facts, Matches matches) {
    if (!patterns) return nullptr;
    for (const auto& pattern : *patterns) {
        if (matches(pattern, facts.method, facts.path)) return &pattern;
    }
    return nullptr;
}

struct Outcome {
    bool passed = true;
    std::string detail;
    std::string code;
};

Outcome check_agent(const Policy& policy, const std::vector<std::string>& agent) {
    if (!policy.agents) return {true, "any agent", ""};
    const auto is_caller = [&](const std::string& id) {
        return std::find(agent.begin(), agent.end(), id) != agent.end();
    };
    for (const auto& id : *policy.agents) {
        if (is_caller(id)) return {true, id + " may use this service", ""};
    }
    return {false, "this service is for other agents", "agent_not_allowed"};
}

bool is_selected(const SecretEndpoint& endpoint, const RequestFacts& facts, std::optional<Reading>& reading) {
    if (!resembles_request(endpoint.request, facts.method, facts.path)) return false;
    if (!endpoint.when) return true;
    if (!reading) reading.emplace(facts.content);
    return std::all_of(endpoint.when->begin(), endpoint.when->end(),
                       [&](const auto& selector) { return may_select(selector, *reading); });
}

Outcome check_secret_endpoint(const Policy& policy, const Connector& connector, const RequestFacts& facts,
                              Decision& decision) {
    std::optional<Reading> reading;
    for (const auto& endpoint : connector.secret_endpoints) {
        if (!is_selected(endpoint, facts, reading)) continue;
        if (!policy.secret_endpoints.value_or(false) || !endpoint.secret)
            return {false,
                    "this request would return or make a secret; it is not allowed through call_service",
                    "secret_endpoint_denied"};
        if (!decision.makes_secret) decision.makes_secret = endpoint;
    }
    if (!decision.makes_secret) return {true, "the request makes no secret", ""};
    return {
        true,
        "the secret at " + *decision.makes_secret->secret + " of the answer is kept and a handle returned",
        ""};
}

Outcome check_request(const Policy& policy, const RequestFacts& facts) {
    if (const auto* pattern = first_match(policy.deny, facts, resembles_request))
        return {false, "the service's policy denies " + *pattern, "request_denied"};
    if (!policy.allow) return {true, "any request", ""};
    if (const auto* pattern = first_match(policy.allow, facts, matches_request))
        return {true, "allowed by " + *pattern, ""};
    std::string known;
    for (const auto& pattern : *policy.allow) (known += known.empty() ? "" : ", ") += pattern;
    return {false, "the service's policy allows only " + known, "request_denied"};
}

Outcome check_body(const Policy& policy, const RequestFacts& facts) {
    if (!policy.body_bytes) return {true, std::to_string(facts.body_bytes) + " bytes", ""};
    if (facts.body_bytes <= *policy.body_bytes)
        return {true,
                std::to_string(facts.body_bytes) + " of " + std::to_string(*policy.body_bytes) + " bytes",
                ""};
    return {false,
            "the service's policy allows bodies of up to " + std::to_string(*policy.body_bytes) + " bytes",
            "body_too_large"};
}

void add(Decision& decision, const char* rule, Outcome outcome) {
    if (!outcome.passed && decision.code.empty()) {
        decision.code = std::move(outcome.code);
        decision.reason = outcome.detail;
    }
    decision.checks.push_back({rule, outcome.passed, std::move(outcome.detail)});
}

}  // namespace

Decision decide(const Policy& policy, const Connector& connector, const RequestFacts& facts) {
    Decision decision;
    add(decision, "agent", check_agent(policy, facts.agent));
    add(decision, "request", check_request(policy, facts));
    add(decision, "secret_endpoint", check_secret_endpoint(policy, connector, facts, decision));
    add(decision, "body", check_body(policy, facts));
    const auto* approve = first_match(policy.approve, facts, resembles_request);
    decision.needs_approval = approve != nullptr;
    add(decision, "approval",
        {true, approve ? "a person must approve " + *approve : "needs nobody's approval", ""});
    return decision;
}

void require_agent(const Policy& policy, const std::vector<std::string>& agent) {
    auto outcome = check_agent(policy, agent);
    if (!outcome.passed) throw base::Error{base::Reason::forbidden, outcome.code, outcome.detail};
}

void require(const Decision& decision) {
    if (decision.is_allowed()) return;
    const auto reason = decision.code == "body_too_large" ? base::Reason::too_large : base::Reason::forbidden;
    throw base::Error{reason, decision.code, decision.reason};
}

}  // namespace vault
