#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/error.hpp"
#include "command/commands.hpp"
#include "oauth/manual_client.hpp"
#include "oauth/shut_out.hpp"

namespace command {
namespace {

struct ClientOptions {
    std::string name;
    std::vector<std::string> redirect_uris;
    std::string auth_method = "none";
    std::string jwks_file;
    std::vector<std::string> own_scopes;
};

std::string text_of(const std::string& file) {
    std::ifstream stream{file};
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) throw base::Error{base::Reason::invalid_input, "file_unreadable", file + " cannot be read"};
    return text.str();
}

void print_secret(const base::Secret& secret) {
    std::cerr << "The secret is shown this once:\n";
    std::cout << "client_secret\t" << secret.reveal() << '\n';
}

void add(Context& context, const ClientOptions& options) {
    oauth::NewClient request{.name = options.name,
                             .redirect_uris = options.redirect_uris,
                             .auth_method = oauth::auth_method_of(options.auth_method).value(),
                             .jwks = options.jwks_file.empty() ? std::string{} : text_of(options.jwks_file),
                             .own_scopes = options.own_scopes,
                             .workspace = std::nullopt,
                             .registrar = oauth::Registrar::operator_};
    db::Scope scope;
    if (!context.workspace_slug.empty() || !options.own_scopes.empty()) {
        request.workspace = context.workspace().id;
        scope.workspace = request.workspace->uuid();
    }
    db::Transaction transaction{context.database(), scope};
    const auto created = oauth::create_client(transaction, request);
    transaction.commit();
    std::cout << "client_id\t" << created.client_id << '\n';
    if (!created.secret.empty()) print_secret(created.secret);
}

void list(Context& context) {
    auto session = context.session();
    for (const auto& client : oauth::list_clients(session)) {
        std::cout << client.client_id << '\t' << oauth::name_of(client.origin) << '\t'
                  << oauth::name_of(client.auth_method) << '\t' << base::rfc3339_of(client.created_at) << '\t'
                  << client.name;
        for (const auto& uri : client.redirect_uris) std::cout << '\t' << uri;
        std::cout << '\n';
    }
}

template <class Action>
void add_on_id(CLI::App& group, const char* name, const char* description, Action action) {
    auto* command = group.add_subcommand(name, description);
    auto id = std::make_shared<std::string>();
    command->add_option("client_id", *id, "The client's id")->required();
    command->callback([id, action] { action(*id); });
}

}  // namespace

void add_client(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("client", "OAuth clients: every one, and those made by hand");
    group->require_subcommand(1);
    auto options = std::make_shared<ClientOptions>();
    auto* command =
        group->add_subcommand("add", "Make a client; with --workspace it may be let into that one alone");
    command->add_option("name", options->name, "What people are shown")->required();
    command->add_option("--redirect-uri", options->redirect_uris, "An exact redirect URI; may be repeated");
    command->add_option("--auth", options->auth_method, "How it authenticates; none unless given")
        ->check(CLI::IsMember({"none", "client_secret_basic", "client_secret_post", "private_key_jwt"}));
    command->add_option("--jwks", options->jwks_file, "File of its public keys, for private_key_jwt");
    command->add_option("--scope", options->own_scopes,
                        "What it may do by itself in the workspace (client credentials)");
    command->callback([&context, options] { add(context, *options); });
    group->add_subcommand("list", "List every client")->callback([&context] { list(context); });
    add_on_id(*group, "rotate", "Replace the secret of a client and print it once",
              [&context](const std::string& id) {
                  auto session = context.session();
                  print_secret(oauth::rotate_client_secret(session, id));
              });
    add_on_id(*group, "delete", "Delete a client; its grants and tokens end at once",
              [&context](const std::string& id) {
                  auto session = context.session();
                  oauth::delete_client(session, id);
              });
    add_on_id(*group, "shut-out", "End all that members of the workspace let a client do, and keep it out",
              [&context](const std::string& id) {
                  db::Autocommit session{context.database(), {context.workspace().id.uuid()}};
                  oauth::shut_out_client(session, id);
              });
    add_on_id(*group, "let-in", "Let members of the workspace let a client in again",
              [&context](const std::string& id) {
                  db::Autocommit session{context.database(), {context.workspace().id.uuid()}};
                  oauth::let_in_client(session, id);
              });
}

}  // namespace command
