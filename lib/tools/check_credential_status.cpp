#include "egress_client/egress.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "tools/service_view.hpp"

namespace tools {
namespace {

egress_client::CredentialStatus run(const ServiceName& input, tool::Call& call) {
    return call.egress().check(call.principal(), input.service_name);
}

}  // namespace

tool::Tool check_credential_status() {
    return tool::define(
        {
            .name = "check_credential_status",
            .title = "Check credential status",
            .description =
                "Tells whether a service's credential works, what its rate limits are and what would help "
                "if it does not. Asks the service itself at most once a minute. Never returns a secret.",
            .scope = auth::Scope::mcp_read,
            .effect = {.read_only = true, .idempotent = true, .open_world = true},
            .route = {http::Method::get, "/services/{service_name}/status"},
        },
        run);
}

}  // namespace tools
