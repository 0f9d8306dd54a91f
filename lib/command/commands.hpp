#pragma once

#include "command/context.hpp"

namespace CLI {
class App;
}

namespace command {

/// Each adds its subcommands to the command line; what they do runs when the line has been read. `context`
/// must outlive the application.
void add_migrate(CLI::App& app, Context& context);
void add_seed(CLI::App& app, Context& context);
void add_workspace(CLI::App& app, Context& context);
void add_user(CLI::App& app, Context& context);
void add_key(CLI::App& app, Context& context);
void add_publishable_key(CLI::App& app, Context& context);
void add_key_file(CLI::App& app, Context& context);
void add_service(CLI::App& app, Context& context);
void add_connector(CLI::App& app, Context& context);
void add_vault(CLI::App& app, Context& context);
void add_client(CLI::App& app, Context& context);
void add_doctor(CLI::App& app, Context& context);
void add_alert(CLI::App& app, Context& context);

/// The part of `service` that bounds what services may be used for.
void add_guards(CLI::App& service, Context& context);
/// The part of `service` that tells what a call would do.
void add_explain(CLI::App& service, Context& context);
/// The part of `vault` that rotates keys.
void add_key_rotation(CLI::App& vault, Context& context);

}  // namespace command
