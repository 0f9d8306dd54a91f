#include "egress/gate.hpp"

#include "base/error.hpp"
#include "egress/alarm.hpp"
#include "http_syntax/field.hpp"

namespace egress {
namespace {

std::vector<std::string> agent_of(const Caller& caller, const Guard& guard) {
    std::vector<std::string> agent{caller.credential.text()};
    if (guard.client_id) agent.push_back(*guard.client_id);
    return agent;
}

vault::RequestContent content_of(const http_client::Request& request) {
    vault::RequestContent content{request.url.query, {}, {}};
    if (request.body) content.body = *request.body;
    for (const auto& field : request.fields)
        content.fields.emplace_back(http_syntax::lower(field.name), field.value.reveal());
    return content;
}

vault::RequestFacts facts_of(const http_client::Request& request, const Caller& caller, const Guard& guard) {
    return {.method = request.method->name,
            .path = request.url.path,
            .body_bytes = static_cast<std::int64_t>(request.body ? request.body->size() : 0),
            .agent = agent_of(caller, guard),
            .content = content_of(request)};
}

std::optional<LeakWatch::Sighting> find_leak(LeakWatch& leak_watch, const Caller& caller, const Guard& guard,
                                             const http_client::Request& request) {
    const auto target = request.url.text();
    std::vector<std::string_view> texts{target};
    for (const auto& field : request.fields) {
        texts.push_back(field.name);
        texts.push_back(field.value.reveal());
    }
    if (request.body) texts.push_back(*request.body);
    return leak_watch.look(caller, guard.watch_generation, texts);
}

}  // namespace

void require_agent(const Caller& caller, const OpenedService& opened) {
    vault::require_agent(opened.service.policy, agent_of(caller, opened.guard));
}

void require_audience(db::Database& database, const Caller& caller, const OpenedService& opened) {
    try {
        require_agent(caller, opened);
    } catch (const base::Error& refusal) {
        try {
            open_service(database, caller, Need::administer, opened.service.name);
        } catch (const base::Error&) {
            throw refusal;
        }
    }
}

Plan plan_of(db::Database& database, LeakWatch& leak_watch, const Caller& caller, const OpenedService& opened,
             const vault::Connector& connector, const egress_client::CallRequest& call) {
    require_agent(caller, opened);
    Plan plan{request_of(call, opened.service, connector, reserved_parts(connector, opened.service)), {}, {}};
    plan.decision =
        vault::decide(opened.service.policy, connector, facts_of(plan.request, caller, opened.guard));
    plan.leak = find_leak(leak_watch, caller, opened.guard, plan.request);
    if (plan.leak && plan.leak->is_decoy) {
        trip_decoy(database, caller, plan.leak->service, "decoy_value_seen",
                   "in a request to " + opened.service.name);
    }
    return plan;
}

void report_leak(db::Database& database, const Caller& caller, const OpenedService& opened,
                 const Plan& plan) {
    if (!plan.leak || !plan.decision.is_allowed()) return;
    raise_alert(database, caller, plan.leak->service, "secret_in_request",
                "in a request to " + opened.service.name);
}

void admit(db::Database& database, const Caller& caller, const OpenedService& opened, const Plan& plan) {
    vault::require(plan.decision);
    if (!plan.leak) return;
    report_leak(database, caller, opened, plan);
    throw base::Error{base::Reason::forbidden, "secret_in_request",
                      "the request holds a secret of this workspace; Gatehouse adds credentials itself"};
}

}  // namespace egress
