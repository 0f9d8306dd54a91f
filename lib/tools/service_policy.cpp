#include "base/error.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "tools/service_view.hpp"
#include "vault/policy.hpp"

namespace tools {
namespace {

vault::Policy get(const ServiceName& input, tool::Call& call) {
    return vault::require_service(call.db(), input.service_name).policy;
}

struct NewPolicy {
    std::string service_name;
    vault::Policy policy;

    static constexpr auto fields = std::tuple{
        schema::field("service_name", &NewPolicy::service_name, "The service's name.", {1, 64}),
        schema::field("policy", &NewPolicy::policy, "All of it; the former policy is gone."),
    };
};

vault::Policy set(const NewPolicy& input, tool::Call& call) {
    const auto service = vault::require_service(call.db(), input.service_name);
    vault::check_policy(input.policy, call.connectors().require(service.connector));
    vault::update_service(call.db(), input.service_name, {.policy = input.policy});
    return input.policy;
}

}  // namespace

tool::Tool get_service_policy() {
    return tool::define(
        {
            .name = "get_service_policy",
            .title = "Get a service's policy",
            .description = "What may be done with a service; what is absent is not restricted.",
            .scope = auth::Scope::admin,
            .effect = {.read_only = true, .idempotent = true},
            .route = {http::Method::get, "/services/{service_name}/policy"},
        },
        get);
}

tool::Tool set_service_policy() {
    return tool::define(
        {
            .name = "set_service_policy",
            .title = "Set a service's policy",
            .description = "Bounds what may be done with a service: requests, agents, bodies, answers.",
            .scope = auth::Scope::admin,
            .effect = {.idempotent = true},
            .route = {http::Method::put, "/services/{service_name}/policy"},
        },
        set);
}

}  // namespace tools
