#include <CLI/CLI.hpp>
#include <iostream>

#include "account/user.hpp"
#include "auth/api_key.hpp"
#include "command/commands.hpp"
#include "crypto/key_file.hpp"
#include "crypto/random.hpp"
#include "db/migration.hpp"
#include "vault_keys/workspace_key.hpp"

namespace command {
namespace {

constexpr std::size_t password_size = 20;

void migrate(Context& context) {
    const auto applied = db::migrate(context.database(), context.config().sql);
    for (const auto& name : applied) std::cout << "applied " << name << '\n';
    if (applied.empty()) std::cout << "nothing to apply\n";
}

struct SeedOptions {
    std::string email;
    std::string workspace;
};

auth::UserId seed_user(db::Session& session, const std::string& email, const base::Secret& password) {
    if (const auto user = account::find_user(session, email)) {
        account::set_password(session, user->id, password);
        return user->id;
    }
    return account::create_user(session, email, "Demo", password).id;
}

workspace::Workspace seed_workspace(db::Session& session, const std::string& slug) {
    auto workspace = workspace::find_workspace(session, slug);
    if (!workspace) workspace = workspace::create_workspace(session, slug, slug);
    workspace::set_mcp_enabled(session, workspace->id, true);
    return *workspace;
}

/// Prints shell lines; a second run gives the demo user a new password and one more key.
void seed(Context& context, const SeedOptions& options) {
    auto session = context.session();
    const auto password = crypto::random_base62(password_size);
    const auto user = seed_user(session, options.email, password);
    const auto workspace = seed_workspace(session, options.workspace);
    workspace::add_member(session, workspace.id, user, workspace::Role::owner);
    db::Autocommit scoped{context.database(), {workspace.id.uuid()}};
    vault_keys::create_workspace_keys(scoped, workspace.id,
                                      vault_keys::KeyEncryption{context.config().keys.vault});
    const auto key =
        auth::create_api_key(scoped, {.workspace = workspace.id,
                                      .user = user,
                                      .name = "demo",
                                      .scopes = auth::Scopes{auth::Scope::mcp_read, auth::Scope::mcp_write,
                                                             auth::Scope::vault_reveal, auth::Scope::admin},
                                      .lifetime = std::nullopt});
    std::cout << "GATEHOUSE_WORKSPACE=" << workspace.slug << "\nGATEHOUSE_EMAIL=" << options.email
              << "\nGATEHOUSE_PASSWORD=" << password.reveal() << "\nGATEHOUSE_API_KEY=" << key.text.reveal()
              << "\nGATEHOUSE_USER_ID=" << user.text() << '\n';
}

}  // namespace

void add_migrate(CLI::App& app, Context& context) {
    app.add_subcommand("migrate",
                       "Bring the database to this version's schema; any host may run it at any time")
        ->callback([&context] { migrate(context); });
}

void add_seed(CLI::App& app, Context& context) {
    auto options = std::make_shared<SeedOptions>();
    auto* command =
        app.add_subcommand("seed", "Create a demo user, workspace and full-scope key; prints shell lines");
    command->add_option("--email", options->email, "Mail address of the demo user")->required();
    command->add_option("--workspace", options->workspace, "Slug of the demo workspace")->required();
    command->callback([&context, options] { seed(context, *options); });
}

void add_key_file(CLI::App& app, Context&) {
    auto* group = app.add_subcommand("key-file", "Files of key material");
    group->require_subcommand(1);
    auto path = std::make_shared<std::string>();
    auto* create =
        group->add_subcommand("create", "Write 32 random bytes to a new file that only its owner may read");
    create->add_option("path", *path, "The file; must not exist")->required();
    create->callback([path] { crypto::create_key_file(*path); });
}

}  // namespace command
