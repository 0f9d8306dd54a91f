#include <CLI/CLI.hpp>
#include <iostream>

#include "base/error.hpp"
#include "command/commands.hpp"
#include "vault_keys/workspace_key.hpp"

namespace command {
namespace {

struct WorkspaceOptions {
    std::string slug;
    std::string name;
    bool mcp = false;
};

void create_workspace(Context& context, const WorkspaceOptions& options) {
    auto session = context.session();
    const auto created = workspace::create_workspace(session, options.slug,
                                                     options.name.empty() ? options.slug : options.name);
    db::Autocommit scoped{context.database(), {created.id.uuid()}};
    vault_keys::create_workspace_keys(scoped, created.id,
                                      vault_keys::KeyEncryption{context.config().keys.vault});
    if (options.mcp) workspace::set_mcp_enabled(session, created.id, true);
    std::cout << created.id.text() << '\n';
}

void list_workspaces(Context& context) {
    auto session = context.session();
    for (const auto& workspace : workspace::list_workspaces(session)) {
        std::cout << workspace.slug << '\t' << workspace.id.text() << '\t'
                  << (workspace.mcp_enabled ? "mcp" : "no-mcp") << '\t'
                  << (workspace.suspended ? "suspended" : "active") << '\t' << workspace.name << '\n';
    }
}

void delete_workspace(Context& context, const std::string& slug, const std::string& again) {
    if (slug != again) throw base::Error{base::Reason::invalid_input, "not_confirmed", "the slugs differ"};
    auto session = context.session();
    workspace::delete_workspace(session, workspace::require_workspace(session, slug).id);
}

using Setter = void (*)(db::Session&, const auth::WorkspaceId&, bool);

void add_switch(CLI::App& group, Context& context, const char* name, const char* description, Setter setter,
                bool value) {
    auto* command = group.add_subcommand(name, description);
    auto slug = std::make_shared<std::string>();
    command->add_option("slug", *slug, "The workspace")->required();
    command->callback([&context, slug, setter, value] {
        auto session = context.session();
        setter(session, workspace::require_workspace(session, *slug).id, value);
    });
}

}  // namespace

void add_workspace(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("workspace", "Workspaces: the tenants of this installation");
    group->require_subcommand(1);
    auto options = std::make_shared<WorkspaceOptions>();
    auto* create = group->add_subcommand("create", "Create a workspace");
    create->add_option("slug", options->slug, "Its name in URLs")->required();
    create->add_option("--name", options->name, "Its name for people");
    create->add_flag("--mcp", options->mcp, "Enable MCP at once");
    create->callback([&context, options] { create_workspace(context, *options); });
    group->add_subcommand("list", "List all workspaces")->callback([&context] { list_workspaces(context); });
    add_switch(*group, context, "enable-mcp", "Let MCP clients in", workspace::set_mcp_enabled, true);
    add_switch(*group, context, "disable-mcp", "Refuse MCP clients", workspace::set_mcp_enabled, false);
    add_switch(*group, context, "suspend", "Refuse every credential", workspace::set_suspended, true);
    auto* remove = group->add_subcommand("delete", "Delete a workspace and destroy its keys, for good");
    auto slug = std::make_shared<std::string>();
    auto again = std::make_shared<std::string>();
    remove->add_option("slug", *slug, "The workspace")->required();
    remove->add_option("--yes-delete", *again, "Its slug again")->required();
    remove->callback([&context, slug, again] { delete_workspace(context, *slug, *again); });
    add_switch(*group, context, "resume", "Undo suspend", workspace::set_suspended, false);
}

}  // namespace command
