#include <CLI/CLI.hpp>
#include <iostream>

#include "account/user.hpp"
#include "base/error.hpp"
#include "command/commands.hpp"
#include "command/prompt.hpp"

namespace command {
namespace {

constexpr int page_size = 500;

struct UserOptions {
    std::string email;
    std::string name;
    std::string role = "member";
};

workspace::Role role_of(const std::string& name) {
    if (name == "owner") return workspace::Role::owner;
    return name == "admin" ? workspace::Role::admin : workspace::Role::member;
}

account::User require_user(db::Session& session, const std::string& email) {
    if (auto user = account::find_user(session, email)) return *std::move(user);
    throw base::Error{base::Reason::not_found, "user_not_found", "no user " + email};
}

void create(Context& context, const UserOptions& options) {
    auto session = context.session();
    const auto user = account::create_user(session, options.email, options.name, read_secret("Password"));
    std::cout << user.id.text() << '\n';
}

void join(Context& context, const UserOptions& options) {
    auto session = context.session();
    const auto user = require_user(session, options.email);
    workspace::add_member(session, context.workspace().id, user.id, role_of(options.role));
}

const char* state_of(const account::User& user) {
    if (user.is_disabled) return "disabled";
    return user.is_activated ? "active" : "not-activated";
}

void list(Context& context) {
    auto session = context.session();
    std::string after;
    for (;;) {
        const auto users = account::list_users(session, after, page_size);
        for (const auto& user : users) {
            std::cout << user.email << '\t' << user.id.text() << '\t' << state_of(user) << '\t' << user.name
                      << '\n';
        }
        if (users.size() < page_size) return;
        after = users.back().email;
    }
}

void add_switch(CLI::App& group, Context& context, const char* name, const char* description, bool disabled) {
    auto* command = group.add_subcommand(name, description);
    auto email = std::make_shared<std::string>();
    command->add_option("email", *email, "Mail address")->required();
    command->callback([&context, email, disabled] {
        auto session = context.session();
        account::set_disabled(session, require_user(session, *email).id, disabled);
    });
}

}  // namespace

void add_user(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("user", "People");
    group->require_subcommand(1);
    auto options = std::make_shared<UserOptions>();
    auto* creation =
        group->add_subcommand("create", "Create a user; the password is read from standard input");
    creation->add_option("email", options->email, "Mail address")->required();
    creation->add_option("--name", options->name, "Full name");
    creation->callback([&context, options] { create(context, *options); });
    auto* member = group->add_subcommand("join", "Make a user a member of the workspace");
    member->add_option("email", options->email, "Mail address")->required();
    member->add_option("--role", options->role, "owner, admin or member")
        ->check(CLI::IsMember({"owner", "admin", "member"}));
    member->callback([&context, options] { join(context, *options); });
    group->add_subcommand("list", "List all users: address, id, state, name")->callback([&context] {
        list(context);
    });
    add_switch(*group, context, "disable", "Shut a user out: sessions, tokens and keys are refused at once",
               true);
    add_switch(*group, context, "enable", "Undo disable", false);
}

}  // namespace command
