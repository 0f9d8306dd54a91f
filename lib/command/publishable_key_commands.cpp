#include <CLI/CLI.hpp>
#include <iostream>

#include "account/user.hpp"
#include "auth/publishable_key.hpp"
#include "base/error.hpp"
#include "command/commands.hpp"

namespace command {
namespace {

struct Options {
    std::string name;
    std::string email;
    std::vector<std::string> origins;
};

auth::PublishableKeyId id_of(const std::string& text) {
    const auto id = auth::PublishableKeyId::parse(text);
    if (!id)
        throw base::Error{base::Reason::invalid_input, "key_id_invalid",
                          "a publishable key's id looks like pub_01h4..."};
    return *id;
}

void create(Context& context, const Options& options) {
    auto session = context.workspace_session();
    const auto user = account::find_user(session, options.email);
    if (!user) throw base::Error{base::Reason::not_found, "user_not_found", "no user " + options.email};
    const auto key = auth::create_publishable_key(session, {.workspace = context.workspace().id,
                                                            .user = user->id,
                                                            .name = options.name,
                                                            .allowed_origins = options.origins});
    std::cerr << "Created " << key.id.text() << ".\n";
    std::cout << key.text() << '\n';
}

void list(Context& context) {
    auto session = context.workspace_session();
    for (const auto& key : auth::list_publishable_keys(session)) {
        std::cout << key.id.text() << '\t' << (key.disabled_at ? "disabled" : "live") << '\t' << key.text()
                  << '\t' << key.name;
        for (const auto& origin : key.allowed_origins) std::cout << '\t' << origin;
        std::cout << '\n';
    }
}

using Action = void (*)(db::Session&, const auth::PublishableKeyId&);

void add_on_id(CLI::App& group, Context& context, const char* name, const char* description, Action action) {
    auto* command = group.add_subcommand(name, description);
    auto id = std::make_shared<std::string>();
    command->add_option("id", *id, "The key's id, such as pub_01h4...")->required();
    command->callback([&context, id, action] {
        auto session = context.workspace_session();
        action(session, id_of(*id));
    });
}

}  // namespace

void add_publishable_key(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("publishable-key", "Keys that may stand in web pages");
    group->require_subcommand(1);
    auto options = std::make_shared<Options>();
    auto* command = group->add_subcommand("create", "Create a key and print it");
    command->add_option("name", options->name, "What it is for")->required();
    command->add_option("--user", options->email, "Mail address of the member who answers for it")
        ->required();
    command->add_option("--origin", options->origins, "Origin of a page, such as https://www.example.com")
        ->required();
    command->callback([&context, options] { create(context, *options); });
    group->add_subcommand("list", "List the keys, with what each may stand in")->callback([&context] {
        list(context);
    });
    add_on_id(*group, context, "disable", "Refuse a key from now on", auth::disable_publishable_key);
    add_on_id(*group, context, "delete", "Delete a key", auth::delete_publishable_key);
}

}  // namespace command
