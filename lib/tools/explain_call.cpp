#include "egress_client/egress.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"

namespace tools {
namespace {

egress_client::Explanation run(const egress_client::CallRequest& input, tool::Call& call) {
    return call.egress().explain(call.principal(), input);
}

}  // namespace

tool::Tool explain_call() {
    return tool::define(
        {
            .name = "explain_call",
            .title = "Explain a call",
            .description =
                "Tells what call_service would do with the same arguments, without doing it: whether the "
                "service's policy allows the request, what the upstream's limits leave, and the exact "
                "request "
                "with {names} where secrets go.",
            .scope = auth::Scope::mcp_read,
            .effect = {.read_only = true, .idempotent = true},
            .route = {http::Method::post, "/services/{service_name}/explain"},
        },
        run);
}

}  // namespace tools
