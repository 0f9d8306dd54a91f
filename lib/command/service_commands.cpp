#include <CLI/CLI.hpp>
#include <iostream>

#include "base/error.hpp"
#include "command/commands.hpp"
#include "command/prompt.hpp"
#include "crypto/sealed_token.hpp"
#include "vault/connection.hpp"
#include "vault/service.hpp"
#include "vault_keys/workspace_key.hpp"

namespace command {
namespace {

struct ServiceOptions {
    std::string name;
    std::string description;
    std::string connector;
    std::string auth_method;
    std::vector<std::string> origins;
    std::vector<std::string> settings;
    bool revealable = false;
};

vault::ConnectorCatalog connectors_of(Context& context) {
    return vault::ConnectorCatalog::load(context.config().egress.connectors);
}

std::map<std::string, std::string> settings_of(const std::vector<std::string>& pairs) {
    std::map<std::string, std::string> settings;
    for (const auto& pair : pairs) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos) {
            throw base::Error{base::Reason::invalid_input, "invalid_setting",
                              "write a setting as name=value"};
        }
        settings.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    }
    return settings;
}

vault::Secrets secrets_of(const vault::AuthMethod& method) {
    if (method.secrets.empty()) return {};
    return vault::read_secrets(method, read_secret("Secret"));
}

void add(Context& context, const ServiceOptions& options) {
    const auto connectors = connectors_of(context);
    const auto& method = connectors.require(options.connector).auth_method(options.auth_method);
    auto session = context.workspace_session();
    vault_keys::create_workspace_keys(session, context.workspace().id,
                                      vault_keys::KeyEncryption{context.config().keys.vault});
    const auto service = vault::create_service(session, context.workspace().id, connectors,
                                               {.name = options.name,
                                                .description = options.description,
                                                .connector = options.connector,
                                                .auth_method = options.auth_method,
                                                .origins = options.origins,
                                                .settings = settings_of(options.settings),
                                                .secrets = secrets_of(method),
                                                .revealable = options.revealable,
                                                .by_operator = true});
    std::cout << service.id.text() << '\n';
}

void replace(Context& context, const std::string& name) {
    const auto connectors = connectors_of(context);
    auto session = context.workspace_session();
    const auto service = vault::require_service(session, name);
    const auto& method = connectors.require(service.connector).auth_method(service.auth_method);
    vault::replace_secrets(session, context.workspace().id, connectors, name,
                           vault::read_secrets(method, read_secret("Secret")));
}

void connect(Context& context, const std::string& name) {
    auto session = context.workspace_session();
    const auto connectors = connectors_of(context);
    const auto service = vault::require_service(session, name);
    vault::require_connectable(connectors.require(service.connector).auth_method(service.auth_method));
    const crypto::TokenSealer sealer{context.config().keys.vault, vault::connection_ticket_purpose};
    const auto start = vault::start_connection(
        session, sealer, context.config().public_url,
        {context.workspace().id, service.id, {}, context.workspace().slug, {}}, std::nullopt);
    std::cout << start.url << '\n';
}

void list(Context& context) {
    auto session = context.workspace_session();
    for (const auto& service : vault::list_services(session)) {
        std::cout << service.name << '\t' << service.connector << '\t' << vault::name_of(service.state)
                  << '\t' << (service.revealable ? "revealable" : "sealed");
        for (const auto& origin : service.origins) std::cout << '\t' << origin;
        if (service.decoy) std::cout << "\tDECOY";
        if (service.echoed_at) std::cout << "\tECHOES-CREDENTIALS";
        std::cout << '\n';
    }
}

void set_state(Context& context, const std::string& name, vault::ServiceState state) {
    auto session = context.workspace_session();
    vault::update_service(session, name, {.state = state});
}

template <class Action>
void add_on_name(CLI::App& group, const char* name, const char* description, Action action) {
    auto* command = group.add_subcommand(name, description);
    auto service = std::make_shared<std::string>();
    command->add_option("name", *service, "The service's name")->required();
    command->callback([service, action] { action(*service); });
}

}  // namespace

void add_service(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("service", "Outside services and their credentials");
    group->require_subcommand(1);
    auto options = std::make_shared<ServiceOptions>();
    auto* command = group->add_subcommand("add", "Add a service; its secret is read from standard input");
    command->add_option("name", options->name, "Its name in the workspace")->required();
    command->add_option("--connector", options->connector, "Its kind; `gatehouse connector list` shows them")
        ->required();
    command->add_option("--description", options->description, "What it is for");
    command->add_option("--auth", options->auth_method,
                        "The auth method; the connector's first unless given");
    command->add_option("--origin", options->origins, "Where it is, such as https://api.example.com");
    command->add_option("--set", options->settings, "A setting, as name=value");
    command->add_flag("--revealable", options->revealable, "Let get_credentials show the secret");
    command->callback([&context, options] { add(context, *options); });
    group->add_subcommand("list", "List the services")->callback([&context] { list(context); });
    add_on_name(*group, "rotate", "Replace the secret; the new one is read from standard input",
                [&context](const std::string& name) { replace(context, name); });
    add_on_name(*group, "connect", "Begin to connect it to a user's account: prints the page to open",
                [&context](const std::string& name) { connect(context, name); });
    add_on_name(*group, "disable", "Refuse every use", [&context](const std::string& name) {
        set_state(context, name, vault::ServiceState::disabled);
    });
    add_on_name(*group, "enable", "Undo disable", [&context](const std::string& name) {
        set_state(context, name, vault::ServiceState::active);
    });
    add_on_name(*group, "delete", "Delete a service and its secret", [&context](const std::string& name) {
        auto session = context.workspace_session();
        vault::delete_service(session, name);
    });
    add_guards(*group, context);
    add_explain(*group, context);
}

void add_connector(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("connector", "Kinds of outside services");
    group->require_subcommand(1);
    group->add_subcommand("list", "List the connectors")->callback([&context] {
        const auto connectors = connectors_of(context);
        for (const auto& connector : connectors.all()) {
            std::cout << connector.id << '\t' << connector.title << '\t' << connector.description << '\n';
        }
    });
}

}  // namespace command
