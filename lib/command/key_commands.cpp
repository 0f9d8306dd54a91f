#include <CLI/CLI.hpp>
#include <iostream>

#include "account/user.hpp"
#include "auth/api_key.hpp"
#include "base/error.hpp"
#include "command/commands.hpp"

namespace command {
namespace {

struct KeyOptions {
    std::string id;
    std::string name;
    std::string email;
    std::vector<std::string> scopes{"mcp.read"};
    int days = 0;
};

auth::KeyId key_id_of(const std::string& text) {
    const auto id = auth::KeyId::parse(text);
    if (!id)
        throw base::Error{base::Reason::invalid_input, "key_id_invalid", "a key's id looks like key_01h4..."};
    return *id;
}

void create(Context& context, const KeyOptions& options) {
    auto session = context.workspace_session();
    const auto user = account::find_user(session, options.email);
    if (!user) throw base::Error{base::Reason::not_found, "user_not_found", "no user " + options.email};
    auth::ApiKeyRequest request{
        .workspace = context.workspace().id,
        .user = user->id,
        .name = options.name,
        .scopes = auth::Scopes::parse(options.scopes),
        .lifetime = std::nullopt,
    };
    if (options.days > 0) request.lifetime = std::chrono::hours{24} * options.days;
    const auto key = auth::create_api_key(session, request);
    std::cerr << "Created " << key.id.text() << ". The key is shown this once:\n";
    std::cout << key.text.reveal() << '\n';
}

const char* state_of(const auth::ApiKey& key) {
    if (key.disabled_at) return "disabled";
    return key.expires_at && *key.expires_at <= base::Clock::now() ? "expired" : "live";
}

std::string time_text(const std::optional<base::Clock::time_point>& time) {
    return time ? base::rfc3339_of(*time) : "never";
}

void list(Context& context) {
    auto session = context.workspace_session();
    for (const auto& key : auth::list_api_keys(session)) {
        std::cout << key.id.text() << '\t' << state_of(key) << '\t' << key.scopes.text() << "\texpires "
                  << time_text(key.expires_at) << "\tlast used " << time_text(key.last_used_at) << '\t'
                  << key.name << '\n';
    }
}

void rotate(Context& context, const std::string& id) {
    auto session = context.workspace_session();
    const auto key = auth::rotate_api_key(session, key_id_of(id));
    std::cerr << "The former key no longer works. The new one is shown this once:\n";
    std::cout << key.text.reveal() << '\n';
}

template <class Action>
void add_on_id(CLI::App& group, const char* name, const char* description, Action action) {
    auto* command = group.add_subcommand(name, description);
    auto id = std::make_shared<std::string>();
    command->add_option("id", *id, "The key's id, such as key_01h4...")->required();
    command->callback([id, action] { action(*id); });
}

}  // namespace

void add_key(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("key", "API keys of a workspace");
    group->require_subcommand(1);
    auto options = std::make_shared<KeyOptions>();
    auto* command = group->add_subcommand("create", "Create a key and print it once");
    command->add_option("name", options->name, "What it is for")->required();
    command->add_option("--user", options->email, "Mail address of the user it acts for")->required();
    command->add_option("--scope", options->scopes,
                        "mcp.read, mcp.write, vault.reveal, admin; mcp.read unless given");
    command->add_option("--days", options->days, "Days until it expires; never unless given")
        ->check(CLI::Range(1, 3650));
    command->callback([&context, options] { create(context, *options); });
    group->add_subcommand("list", "List the keys")->callback([&context] { list(context); });
    add_on_id(*group, "rotate", "Replace the secret of a key and print it once",
              [&context](const std::string& id) { rotate(context, id); });
    add_on_id(*group, "disable", "Refuse a key from now on", [&context](const std::string& id) {
        auto session = context.workspace_session();
        auth::disable_api_key(session, key_id_of(id));
    });
    add_on_id(*group, "delete", "Delete a key", [&context](const std::string& id) {
        auto session = context.workspace_session();
        auth::delete_api_key(session, key_id_of(id));
    });
}

}  // namespace command
