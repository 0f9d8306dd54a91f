#include "base/error.hpp"
#include "oauth/grant.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "tools/messages.hpp"

namespace tools {
namespace {

struct GrantView {
    std::string id;
    std::string workspace;
    std::string client_id;
    std::string client_name;
    std::string client_origin;
    std::vector<std::string> scopes;
    std::string resource;
    std::string created_at;
    std::string expires_at;

    static constexpr auto fields = std::tuple{
        schema::field("id", &GrantView::id, "The grant's id."),
        schema::field("workspace", &GrantView::workspace, "The workspace's slug."),
        schema::field("client_id", &GrantView::client_id, "Who was let in."),
        schema::field("client_name", &GrantView::client_name, "The name it gave itself."),
        schema::field("client_origin", &GrantView::client_origin, "dynamic, manual or metadata_document."),
        schema::field("scopes", &GrantView::scopes, "What it may do."),
        schema::field("resource", &GrantView::resource, "The MCP endpoint it may use."),
        schema::field("created_at", &GrantView::created_at, "When it was let in (RFC 3339)."),
        schema::field("expires_at", &GrantView::expires_at, "When it must ask anew (RFC 3339)."),
    };
};

struct Grants {
    std::vector<GrantView> grants;
    static constexpr auto fields = std::tuple{schema::field("grants", &Grants::grants, "Newest first.")};
};

struct GrantName {
    std::string grant_id;
    static constexpr auto fields =
        std::tuple{schema::field("grant_id", &GrantName::grant_id, "The grant's id.", {1, 64})};
};

struct Revoked {
    bool revoked = true;
    static constexpr auto fields = std::tuple{schema::field("revoked", &Revoked::revoked, "Always true.")};
};

Grants list(const Nothing&, tool::Call& call) {
    Grants grants;
    for (const auto& grant :
         oauth::list_grants(call.db(), call.principal().user, call.principal().workspace)) {
        grants.grants.push_back({.id = grant.id.text(),
                                 .workspace = grant.workspace,
                                 .client_id = grant.client_id,
                                 .client_name = grant.client_name,
                                 .client_origin = std::string{oauth::name_of(grant.client_origin)},
                                 .scopes = grant.scopes,
                                 .resource = grant.resource,
                                 .created_at = base::rfc3339_of(grant.created_at),
                                 .expires_at = base::rfc3339_of(grant.expires_at)});
    }
    return grants;
}

Revoked revoke(const GrantName& input, tool::Call& call) {
    const auto id = oauth::GrantKey::parse(input.grant_id);
    if (!id) throw base::Error{base::Reason::not_found, "grant_not_found", "no such grant of yours"};
    oauth::revoke_grant(call.db(), call.principal().user, *id, call.principal().workspace);
    return {};
}

}  // namespace

tool::Tool list_grants() {
    return tool::define(
        {
            .name = "list_grants",
            .title = "List your grants",
            .description = "What you let OAuth clients do in this workspace.",
            .scope = auth::Scope::admin,
            .effect = {.read_only = true, .idempotent = true},
            .route = {http::Method::get, "/grants"},
        },
        list);
}

tool::Tool revoke_grant() {
    return tool::define(
        {
            .name = "revoke_grant",
            .title = "Revoke a grant",
            .description = "Ends all that you let the grant's client do in this workspace: its tokens are "
                           "refused at once.",
            .scope = auth::Scope::admin,
            .effect = {.destructive = true},
            .route = {http::Method::delete_, "/grants/{grant_id}"},
        },
        revoke);
}

}  // namespace tools
