#include "egress_client/egress.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"

namespace tools {
namespace {

// RFC 9110 section 9.2.1.
bool is_safe(const std::string& method) { return method == "GET" || method == "HEAD"; }

egress_client::CallResult run(const egress_client::CallRequest& input, tool::Call& call) {
    if (is_safe(input.method)) call.mark_safe();
    return call.egress().call(call.principal(), input, [&call] { return call.peer().is_cancelled(); });
}

}  // namespace

tool::Tool call_service() {
    return tool::define(
        {
            .name = "call_service",
            .title = "Call a service",
            .description =
                "Sends an HTTP request to an outside service; Gatehouse adds the service's secret, which "
                "you never see. The URL must lie at one of the service's origins. Returns status, headers "
                "and body as the service answered.",
            .scope = auth::Scope::mcp_write,
            .effect = {.destructive = true, .open_world = true},
            .route = {http::Method::post, "/services/{service_name}/call"},
        },
        run);
}

}  // namespace tools
