#include "egress_client/egress.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "tools/service_view.hpp"

namespace tools {
namespace {

egress_client::RevealResult run(const ServiceName& input, tool::Call& call) {
    return call.egress().reveal(call.principal(), input.service_name);
}

}  // namespace

tool::Tool get_credentials() {
    return tool::define(
        {
            .name = "get_credentials",
            .title = "Get credentials",
            .description =
                "Returns a service's secret in the clear. Only for services marked revealable and callers "
                "with the scope vault.reveal. Prefer call_service, which never shows the secret.",
            .scope = auth::Scope::vault_reveal,
            .effect = {.read_only = true, .idempotent = true},
            .route = {http::Method::get, "/services/{service_name}/credentials"},
            .reveals_secret = true,
        },
        run);
}

}  // namespace tools
