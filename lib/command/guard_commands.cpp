#include <CLI/CLI.hpp>
#include <iostream>

#include "base/error.hpp"
#include "command/commands.hpp"
#include "command/prompt.hpp"
#include "schema/schema.hpp"
#include "vault/alert.hpp"
#include "vault/decoy.hpp"
#include "vault_keys/workspace_key.hpp"

namespace command {
namespace {

vault::Connector connector_of(Context& context, const vault::Service& service) {
    return vault::ConnectorCatalog::load(context.config().egress.connectors).require(service.connector);
}

void show_policy(Context& context, const std::string& name) {
    auto session = context.workspace_session();
    std::cout << vault::json_of(vault::require_service(session, name).policy) << '\n';
}

void set_policy(Context& context, const std::string& name) {
    const std::string text{std::istreambuf_iterator<char>{std::cin}, {}};
    const auto policy = schema::decode<vault::Policy>(schema::parse(text));
    auto session = context.workspace_session();
    vault::check_policy(policy, connector_of(context, vault::require_service(session, name)));
    vault::update_service(session, name, {.policy = policy});
}

struct DecoyOptions {
    std::string name;
    std::string connector;
    std::string description;
    std::vector<std::string> origins;
};

void add_decoy(Context& context, const DecoyOptions& options) {
    const auto connectors = vault::ConnectorCatalog::load(context.config().egress.connectors);
    const auto& method = connectors.require(options.connector).auth_method("");
    auto session = context.workspace_session();
    vault_keys::create_workspace_keys(session, context.workspace().id,
                                      vault_keys::KeyEncryption{context.config().keys.vault});
    vault::NewService request{.name = options.name,
                              .description = options.description,
                              .connector = options.connector,
                              .origins = options.origins,
                              .secrets = vault::make_decoy_secrets(method),
                              .revealable = true,
                              .decoy = true};
    for (const auto& [field, secret] : request.secrets) std::cout << field << '=' << secret.reveal() << '\n';
    vault::create_service(session, context.workspace().id, connectors, std::move(request));
}

void list_alerts(Context& context) {
    auto session = context.workspace_session();
    for (const auto& alert : vault::list_alerts(session, 1000)) {
        std::cout << base::rfc3339_of(alert.at) << '\t' << alert.kind << '\t' << alert.service_name << '\t'
                  << alert.credential << '\t' << alert.detail << '\n';
    }
}

}  // namespace

void add_guards(CLI::App& service, Context& context) {
    auto name = std::make_shared<std::string>();
    auto is_set = std::make_shared<bool>(false);
    auto* policy = service.add_subcommand("policy", "Show what may be done with a service");
    policy->add_option("name", *name, "The service's name")->required();
    policy->add_flag("--set", *is_set, "Replace it by the JSON on standard input");
    policy->callback(
        [&context, name, is_set] { *is_set ? set_policy(context, *name) : show_policy(context, *name); });
    auto* trust = service.add_subcommand("trust", "Take the mark off that its upstream echoes credentials");
    trust->add_option("name", *name, "The service's name")->required();
    trust->callback([&context, name] {
        auto session = context.workspace_session();
        vault::update_service(session, *name, {.forgets_echo = true});
    });
    auto decoy = std::make_shared<DecoyOptions>();
    auto* add = service.add_subcommand("add-decoy",
                                       "Add a service that nobody has a reason to use; its values "
                                       "are printed once, to be left where a thief would look");
    add->add_option("name", decoy->name, "Its name in the workspace")->required();
    add->add_option("--connector", decoy->connector, "Its kind")->required();
    add->add_option("--description", decoy->description, "What it seems to be for");
    add->add_option("--origin", decoy->origins, "Where it seems to be");
    add->callback([&context, decoy] { add_decoy(context, *decoy); });
}

void add_alert(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("alert", "What an administrator should look at");
    group->require_subcommand(1);
    group->add_subcommand("list", "List the alerts, newest first")->callback([&context] {
        list_alerts(context);
    });
}

}  // namespace command
