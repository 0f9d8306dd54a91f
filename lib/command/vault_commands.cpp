#include <CLI/CLI.hpp>
#include <iostream>

#include "command/commands.hpp"
#include "vault/connector.hpp"
#include "vault/revocation.hpp"

namespace command {
namespace {

void revoke_connector(Context& context, const std::string& id) {
    vault::ConnectorCatalog::load(context.config().egress.connectors).require(id);
    auto session = context.session();
    std::cout << vault::revoke_connector(session, id) << " credentials revoked\n";
}

}  // namespace

void add_vault(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("vault", "All credentials and the keys that guard them");
    group->require_subcommand(1);
    add_key_rotation(*group, context);
    auto* command = group->add_subcommand(
        "revoke-connector", "Revoke every credential of a connector, here at once and then at its provider");
    auto id = std::make_shared<std::string>();
    command->add_option("connector", *id, "Its id; `gatehouse connector list` shows them")->required();
    command->callback([&context, id] { revoke_connector(context, *id); });
}

}  // namespace command
