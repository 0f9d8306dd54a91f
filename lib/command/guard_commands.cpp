#include <CLI/CLI.hpp>
#include <iostream>

#include "base/error.hpp"
#include "command/commands.hpp"
#include "command/prompt.hpp"
#include "schema/schema.hpp"
#include "vault/alert.hpp"
#include "vault/decision.hpp"
#include "vault/decoy.hpp"
#include "vault/sketch.hpp"
#include "vault/target.hpp"
#include "vault_keys/workspace_key.hpp"

namespace command {
namespace {

struct CallOptions {
    std::string service;
    std::string method;
    std::string url;
    std::vector<std::string> agents;
    std::int64_t body_bytes = 0;
};

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

void print(const vault::Decision& decision) {
    const auto* verdict = !decision.is_allowed()    ? "denied"
                          : decision.needs_approval ? "needs_approval"
                                                    : "allowed";
    std::cout << verdict << (decision.code.empty() ? "" : ": " + decision.code + ": " + decision.reason)
              << '\n';
    for (const auto& check : decision.checks)
        std::cout << (check.passed ? "  ok      " : "  refused ") << check.rule << ": " << check.detail
                  << '\n';
}

void explain(Context& context, const CallOptions& options) {
    auto session = context.workspace_session();
    const auto service = vault::require_service(session, options.service);
    const auto connector = connector_of(context, service);
    auto url = vault::target_of(options.url, service.origins);
    print(vault::decide(service.policy, connector,
                        {options.method, url.path, options.body_bytes, options.agents}));
    const auto sketch = vault::sketch_of(connector.auth_method(service.auth_method), service);
    for (const auto& [name, value] : sketch.query)
        url.query += (url.query.empty() ? "" : "&") + name + '=' + value;
    std::cout << options.method << ' ' << url.text() << '\n';
    for (const auto& [name, value] : connector.fixed_headers) std::cout << name << ": " << value << '\n';
    for (const auto& [name, value] : sketch.fields) std::cout << name << ": " << value << '\n';
    for (const auto& [name, value] : sketch.members)
        std::cout << "body member " << name << ": " << value << '\n';
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

void add_explain(CLI::App& service, Context& context) {
    auto options = std::make_shared<CallOptions>();
    auto* command = service.add_subcommand("explain", "Tell what a call would do, without doing it");
    command->add_option("name", options->service, "The service's name")->required();
    command->add_option("method", options->method, "GET, POST, ...")->required();
    command->add_option("url", options->url, "A path, or a URL at one of the service's origins")->required();
    command->add_option("--agent", options->agents, "An id of who would call: API key, grant or client");
    command->add_option("--body-bytes", options->body_bytes, "How long the body would be");
    command->callback([&context, options] { explain(context, *options); });
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
    add_explain(service, context);
}

void add_alert(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("alert", "What an administrator should look at");
    group->require_subcommand(1);
    group->add_subcommand("list", "List the alerts, newest first")->callback([&context] {
        list_alerts(context);
    });
}

}  // namespace command
