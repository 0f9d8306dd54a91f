/// The operator's command line: migrates, and administers workspaces, users, API keys, services and
/// OAuth clients.
///
/// Exposure  the operator's shell
/// Identity  database role gatehouse_operator
/// Can       change tenants and keys, seal a secret
/// Cannot    open a secret

#include <CLI/CLI.hpp>
#include <iostream>

#include "base/error.hpp"
#include "command/commands.hpp"
#include "db/error.hpp"

namespace {

int report(const std::string& message, const std::string& detail = {}) {
    std::cerr << "gatehouse: " << message << (detail.empty() ? "" : " (" + detail + ")") << '\n';
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Gatehouse: the operator's command line", "gatehouse"};
    command::Context context;
    app.add_option("--config", context.config_file, "Configuration file; else GATEHOUSE_CONFIG");
    app.set_version_flag("--version", std::string{"gatehouse "} + GATEHOUSE_VERSION);
    app.add_option("--workspace", context.workspace_slug, "Slug of the workspace; else the only one");
    app.require_subcommand(1);
    app.fallthrough();
    command::add_migrate(app, context);
    command::add_seed(app, context);
    command::add_workspace(app, context);
    command::add_user(app, context);
    command::add_key(app, context);
    command::add_publishable_key(app, context);
    command::add_key_file(app, context);
    command::add_service(app, context);
    command::add_connector(app, context);
    command::add_alert(app, context);
    command::add_vault(app, context);
    command::add_client(app, context);
    command::add_doctor(app, context);
    try {
        app.parse(argc, argv);
        return 0;
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    } catch (const base::Error& error) {
        return report(error.what(), error.detail());
    } catch (const std::exception& error) {
        return report(error.what());
    }
}
