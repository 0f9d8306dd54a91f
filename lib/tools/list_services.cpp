#include "tool/answer_cache.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "tools/service_view.hpp"
#include "vault/audience.hpp"

namespace tools {
namespace {

struct Input {
    std::optional<std::string> connector;

    static constexpr auto fields = std::tuple{
        schema::field("connector", &Input::connector, "Only services of this connector, such as github.",
                      {1, 64}),
    };
};

struct Output {
    std::vector<ServiceView> services;

    static constexpr auto fields = std::tuple{
        schema::field("services", &Output::services, "Sorted by name."),
    };
};

Output run(const Input& input, tool::Call& call) {
    Output output;
    vault::Audience audience{call.db(), call.principal()};
    for (auto& service : vault::list_services(call.db())) {
        if (service.policy.agents) call.mark_personal();
        if (input.connector && service.connector != *input.connector) continue;
        if (!audience.may_see(service.policy)) continue;
        output.services.push_back(view_of(std::move(service)));
    }
    return output;
}

}  // namespace

tool::Tool list_services() {
    return tool::kept_per_workspace(tool::define(
        {
            .name = "list_services",
            .title = "List services",
            .description = "Lists the outside services of this workspace that you can use with call_service, "
                           "with the origins "
                           "each may reach. Start here. Never returns a secret.",
            .scope = auth::Scope::mcp_read,
            .effect = {.read_only = true, .idempotent = true},
            .route = {http::Method::get, "/services"},
        },
        run));
}

}  // namespace tools
