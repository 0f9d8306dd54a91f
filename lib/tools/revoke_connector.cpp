#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "vault/connector.hpp"
#include "vault/revocation.hpp"

namespace tools {
namespace {

struct Input {
    std::string connector;

    static constexpr auto fields = std::tuple{
        schema::field("connector", &Input::connector, "Its id, from list_connectors.", {1, 64}),
    };
};

struct Output {
    std::int64_t revoked = 0;

    static constexpr auto fields = std::tuple{
        schema::field("revoked", &Output::revoked, "How many services were revoked."),
    };
};

Output run(const Input& input, tool::Call& call) {
    call.connectors().require(input.connector);
    return {vault::revoke_connector_here(call.db(), input.connector)};
}

}  // namespace

tool::Tool revoke_connector() {
    return tool::define(
        {
            .name = "revoke_connector",
            .title = "Revoke a connector's credentials",
            .description =
                "Makes every credential of one connector in this workspace useless at once, and has it "
                "revoked "
                "at the provider where that can be done. Each needs a new secret or connection afterwards.",
            .scope = auth::Scope::admin,
            .effect = {.destructive = true, .idempotent = true, .open_world = true},
            .route = {http::Method::post, "/connectors/{connector}/revocation"},
        },
        run);
}

}  // namespace tools
