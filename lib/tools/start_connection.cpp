#include "egress_client/egress.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "tools/service_view.hpp"

namespace tools {
namespace {

egress_client::ConnectionStart run(const ServiceName& input, tool::Call& call) {
    return call.egress().start_connection(call.principal(), input.service_name);
}

}  // namespace

tool::Tool start_connection() {
    return tool::define(
        {
            .name = "start_connection",
            .title = "Connect a service to an account",
            .description = "Begins to connect a service that works with a user's account: whoever owns the "
                           "account opens "
                           "the page in a browser and allows it at the provider. The link works once.",
            .scope = auth::Scope::admin,
            .effect = {.open_world = true},
            .route = {http::Method::post, "/services/{service_name}/connection"},
        },
        run);
}

}  // namespace tools
