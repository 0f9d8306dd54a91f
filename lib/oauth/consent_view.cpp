#include "oauth/consent_view.hpp"

#include <algorithm>

#include "oauth/redirect_uri.hpp"

namespace oauth {
namespace {

using nlohmann::json;

struct ScopeWords {
    auth::Scope scope;
    const char* title;
    const char* text;
    bool is_usual;  ///< ticked unless the person unticks it
};

constexpr ScopeWords words[] = {
    {auth::Scope::mcp_read, "See", "List the workspace's services and tools and read what they hold.", true},
    {auth::Scope::mcp_write, "Act", "Use the workspace's services: send, change and delete through them.",
     true},
    {auth::Scope::vault_reveal, "Read secrets",
     "See passwords and keys in the clear, where a service allows it. Few programs need this.", false},
    {auth::Scope::admin, "Administer",
     "Change services, clients and settings of the workspace. Only owners and admins can allow this.", false},
};

std::string host_in(const std::string& url) {
    const auto parsed = parse_redirect_uri(url);
    return parsed ? std::string{parsed->host} : url;
}

json identity_of(const Client& client, const std::string& redirect_uri) {
    switch (proof_of(client, redirect_uri)) {
        case Proof::by_operator:
            return {{"identity", "Registered by the operator of this server."}, {"is_proven", true}};
        case Proof::by_administrator:
            return {{"identity",
                     "Registered by an administrator of the workspace. The operator of this server has "
                     "not checked it."},
                    {"is_proven", false}};
        case Proof::by_host:
            return {{"identity", "Published by " + host_in(client.client_id) + ", which has been checked."},
                    {"is_proven", true}};
        case Proof::by_host_only:
            return {{"identity", "Says it is published by " + host_in(client.client_id) +
                                     ". Any program on this computer could say so."},
                    {"is_proven", false}};
        case Proof::none:
            return {{"identity", "It gave this name itself; nobody has checked it."}, {"is_proven", false}};
    }
    return json::object();
}

json destination_of(const std::string& redirect_uri) {
    const auto parsed = parse_redirect_uri(redirect_uri);
    const std::string host{parsed ? parsed->host : std::string_view{}};
    if (parsed && parsed->kind == RedirectKind::loopback) {
        return {{"destination", "a program on this computer (" + host + ")"}, {"is_local", true}};
    }
    if (parsed && parsed->kind == RedirectKind::private_scheme) {
        return {{"destination",
                 "the program that opens " + redirect_uri.substr(0, redirect_uri.find(':')) + ": links"},
                {"is_local", true}};
    }
    return {{"destination", host}, {"is_local", false}};
}

bool was_allowed(const ConsentView& view, auth::Scope scope) {
    return std::ranges::any_of(view.earlier,
                               [&](const Consent& consent) { return consent.scopes.allows(scope); });
}

json scopes_of(const ConsentView& view) {
    const bool may_administer = std::ranges::any_of(view.workspaces, [](const auto& workspace) {
        return workspace.is_open() && workspace.is_administered();
    });
    const auto asked = view.request.scopes.names();
    json scopes = json::array();
    for (const auto& each : words) {
        const std::string name{auth::name_of(each.scope)};
        if (std::ranges::find(asked, name) == asked.end()) continue;
        if (each.scope == auth::Scope::admin && !may_administer) continue;
        const bool was = was_allowed(view, each.scope);
        scopes.push_back({{"name", name},
                          {"title", each.title},
                          {"text", each.text},
                          {"is_ticked", each.is_usual || was},
                          {"is_new", !view.earlier.empty() && !was}});
    }
    return scopes;
}

json workspaces_of(const ConsentView& view) {
    json choices = json::array();
    for (const auto& workspace : view.workspaces) {
        if (!workspace.is_open()) continue;
        const bool was = std::ranges::any_of(
            view.earlier, [&](const Consent& consent) { return consent.workspace == workspace.id; });
        choices.push_back({{"id", workspace.id.text()},
                           {"name", workspace.name},
                           {"slug", workspace.slug},
                           {"is_ticked", was}});
    }
    if (std::ranges::none_of(choices, [](const json& choice) { return choice["is_ticked"].get<bool>(); }) &&
        !choices.empty())
        choices.front()["is_ticked"] = true;
    return choices;
}

std::string name_of(const ConsentView& view) {
    const auto& client = view.request.client;
    return client.name.empty() ? "A program without a name" : client.name;
}

json common_values(const ConsentView& view) {
    return {{"client", name_of(view)},
            {"account", view.account},
            {"request", view.request.id.text()},
            {"form_token", view.form_token}};
}

}  // namespace

json values_of(const ConsentView& view) {
    auto values = common_values(view);
    const auto& request = view.request;
    values.update(identity_of(request.client, request.address.redirect_uri));
    values.update(destination_of(request.address.redirect_uri));
    values["redirect_uri"] = request.address.redirect_uri;
    values["resource"] = request.resource;
    values["scopes"] = scopes_of(view);
    auto workspaces = workspaces_of(view);
    values["has_choice"] = workspaces.size() > 1;
    values["workspaces"] = std::move(workspaces);
    values["complaint"] = view.complaint.empty() ? json(false) : json(view.complaint);
    values["was_here"] = !view.earlier.empty();
    return values;
}

json obstacle_of(const ConsentView& view) {
    auto values = common_values(view);
    const auto has = [&](bool WorkspaceChoice::*member) {
        return std::ranges::any_of(view.workspaces, member);
    };
    const bool is_pinned = view.request.resource.find("/v1/") != std::string::npos;
    if (view.workspaces.empty()) {
        values["heading"] =
            is_pinned ? "You are not a member of this workspace" : "You are in no workspace yet";
        values["text"] = "Ask an owner of the workspace to add " + view.account +
                         ", then start again from the program that you want to connect.";
        values["code"] = "not_a_member";
    } else if (has(&WorkspaceChoice::shut_out)) {
        values["heading"] = "This program has been shut out";
        values["text"] = "An administrator of " + view.workspaces.front().name +
                         " keeps it out. Ask an owner of the workspace if you need it.";
        values["code"] = "client_shut_out";
    } else if (has(&WorkspaceChoice::suspended)) {
        values["heading"] = "This workspace is suspended";
        values["text"] = "While it is suspended, no program can be let into " + view.workspaces.front().name +
                         ". Ask the operator of this server.";
        values["code"] = "workspace_suspended";
    } else {
        values["heading"] = "This workspace does not take part in MCP";
        values["text"] = "MCP is not enabled for " + view.workspaces.front().name +
                         ". An owner of the workspace or the operator can enable it.";
        values["code"] = "mcp_disabled";
    }
    return values;
}

}  // namespace oauth
