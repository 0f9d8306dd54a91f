#include <CLI/CLI.hpp>
#include <iostream>
#include <thread>

#include "base/error.hpp"
#include "command/commands.hpp"
#include "vault_keys/workspace_key.hpp"

namespace command {
namespace {

template <class Action>
void for_each_workspace(Context& context, Action action) {
    auto session = context.session();
    for (const auto& workspace : workspace::list_workspaces(session)) {
        db::Autocommit scoped{context.database(), {workspace.id.uuid()}};
        action(scoped, workspace.id);
    }
}

/// Until a whole round finds nothing: a workspace may have been made with the former key meanwhile.
void rewrap(Context& context) {
    const vault_keys::KeyEncryption key_encryption{context.config().keys.vault};
    int total = 0;
    for (int round = 1; round > 0;) {
        round = 0;
        for_each_workspace(context, [&](db::Session& session, const auth::WorkspaceId& workspace) {
            round += vault_keys::rewrap_workspace_keys(session, workspace, key_encryption);
        });
        total += round;
    }
    std::cout << "wrapped " << total << " keys anew\n";
}

void drop_keks(Context& context) {
    std::vector<std::string> marks;
    for_each_workspace(context, [&](db::Session& session, const auth::WorkspaceId& workspace) {
        for (auto& mark : vault_keys::marks_in_use(session, workspace)) marks.push_back(std::move(mark));
    });
    std::cout << "dropped " << vault_keys::keep_keys(context.config().keys.vault, marks)
              << " key-encryption keys\n";
}

struct RotateOptions {
    bool prepare = false;
    bool use_prepared = false;
};

void rotate_kek(Context& context, const RotateOptions& options) {
    const auto& file = context.config().keys.vault;
    if (options.use_prepared)
        vault_keys::promote_last_key(file);
    else
        vault_keys::add_key(file, options.prepare);
    if (options.prepare)
        std::cout
            << "the new key opens; restart egress where it has a copy of the file, then --use-prepared\n";
    else
        rewrap(context);
}

void rotate_workspace_key(Context& context) {
    auto session = context.workspace_session();
    vault_keys::rotate_workspace_keys(session, context.workspace().id,
                                      vault_keys::KeyEncryption{context.config().keys.vault});
    std::cout << "secrets are sealed with the new key from now on; egress seals the older ones anew\n";
}

}  // namespace

void add_key_rotation(CLI::App& vault, Context& context) {
    auto* group = &vault;
    auto options = std::make_shared<RotateOptions>();
    auto* rotate =
        group->add_subcommand("rotate-kek", "Replace the key-encryption key while everything runs");
    auto* prepare = rotate->add_flag("--prepare", options->prepare,
                                     "Only add the new key, for egress to know it (systemd credentials)");
    rotate->add_flag("--use-prepared", options->use_prepared, "Use the key that was prepared")
        ->excludes(prepare);
    rotate->callback([&context, options] { rotate_kek(context, *options); });
    group->add_subcommand("rewrap", "Wrap what the newest key-encryption key does not wrap yet")
        ->callback([&context] { rewrap(context); });
    group->add_subcommand("drop-keks", "Remove key-encryption keys that wrap nothing from the key file")
        ->callback([&context] { drop_keks(context); });
    group->add_subcommand("rotate-workspace-key", "Make a new key pair for the workspace's secrets")
        ->callback([&context] { rotate_workspace_key(context); });
}

}  // namespace command
