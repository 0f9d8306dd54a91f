#include "oauth/consent_endpoint.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "oauth/consent_view.hpp"
#include "oauth/metadata.hpp"

namespace oauth {
namespace {

std::string purpose_of(const RequestId& id) { return "consent " + id.text(); }

auth::Scopes chosen_scopes(const http::Form& form, const AuthorizationRequest& request,
                           const WorkspaceChoice& workspace) {
    std::vector<std::string> chosen;
    for (const auto& name : request.scopes.names()) {
        if (name == auth::name_of(auth::Scope::admin) && !workspace.is_administered()) continue;
        if (form.find("allow_" + name)) chosen.push_back(name);
    }
    return auth::Scopes::parse(chosen);
}

const WorkspaceChoice* chosen_workspace(const http::Form& form,
                                        const std::vector<WorkspaceChoice>& workspaces) {
    const auto id = auth::WorkspaceId::parse(form.text("workspace"));
    const auto matches = [&](const auto& workspace) {
        return id && workspace.id == *id && workspace.is_open();
    };
    const auto found = std::ranges::find_if(workspaces, matches);
    return found == workspaces.end() ? nullptr : &*found;
}

}  // namespace

std::string consent_path(const RequestId& id) { return "/oauth/consent?request=" + id.text(); }

/// One browser with a request to decide.
struct ConsentEndpoint::Visit {
    const http::Request& request;
    account::FormGuard guard;
    AuthorizationRequest asked;
    std::optional<account::LoginSession> session;

    /// Signed in, and when the client asked for a fresh login, since then.
    bool is_signed_in() const {
        return session && (!asked.has_prompt("login") || session->authenticated_at >= asked.created_at);
    }
};

http::Response ConsentEndpoint::answer(const http::Request& request) {
    if (request.method != http::Method::get && request.method != http::Method::post)
        throw base::Error{base::Reason::invalid_input, "method_not_allowed",
                          "Only GET and POST are served here."};
    db::Autocommit session{database_, {}};
    const auto id = http::Form::parse(request.query).text("request");
    account::FormGuard guard{request};
    auto asked = require_authorization_request(session, id, guard.browser_sha256());
    const Visit visit{request, std::move(guard), std::move(asked), account::find_session(session, request)};
    if (request.method == http::Method::get) {
        if (!visit.is_signed_in()) return page::see_other(account::login_path(consent_path(visit.asked.id)));
        return ask(visit);
    }
    return decide(visit, http::Form::of(request));
}

http::Response ConsentEndpoint::ask(const Visit& visit, const std::string& complaint) {
    db::Autocommit session{database_, {}};
    const auto workspaces = workspaces_for(session, visit.session->user, visit.asked);
    const ConsentView view{.request = visit.asked,
                           .workspaces = workspaces,
                           .earlier = find_consents(session, visit.session->user, visit.asked),
                           .account = visit.session->email,
                           .form_token = visit.guard.token(purpose_of(visit.asked.id)),
                           .complaint = complaint};
    const bool is_open = std::ranges::any_of(workspaces, &WorkspaceChoice::is_open);
    auto response = is_open ? pages_.render("consent", values_of(view), complaint.empty() ? 200 : 400)
                            : pages_.render("no_workspace", obstacle_of(view), 403);
    visit.guard.remember(response);
    return response;
}

http::Response ConsentEndpoint::decide(const Visit& visit, const http::Form& form) {
    visit.guard.check(visit.request, form, purpose_of(visit.asked.id), public_url_);
    const auto decision = form.text("decision");
    if (decision == "deny") return deny(visit);
    if (decision == "switch") return switch_account(visit);
    if (!visit.is_signed_in()) return page::see_other(account::login_path(consent_path(visit.asked.id)));
    if (decision == "allow") return allow(visit, form);
    throw base::Error{base::Reason::invalid_input, "decision_missing", "The form said neither yes nor no."};
}

http::Response ConsentEndpoint::allow(const Visit& visit, const http::Form& form) {
    db::Transaction transaction{database_, {}};
    hold_client(transaction, visit.asked.client);
    const auto workspaces = workspaces_for(transaction, visit.session->user, visit.asked);
    const auto* workspace = chosen_workspace(form, workspaces);
    if (!workspace) return ask(visit, "Choose a workspace.");
    const auto scopes = chosen_scopes(form, visit.asked, *workspace);
    if (scopes.names().empty()) return ask(visit, "Allow at least one thing, or deny.");
    if (!decide_authorization_request(transaction, visit.asked.id, visit.guard.browser_sha256()))
        throw base::Error{base::Reason::invalid_input, "authorization_request_expired",
                          "This request has been answered already."};
    const auto code = issue_code(transaction, *visit.session, visit.asked, {workspace->id, scopes});
    transaction.commit();
    return page::see_other(location_of(visit.asked.address, code.reveal(), issuer_of(public_url_)));
}

http::Response ConsentEndpoint::deny(const Visit& visit) {
    db::Autocommit session{database_, {}};
    decide_authorization_request(session, visit.asked.id, visit.guard.browser_sha256());
    const AuthorizationRefusal refusal{visit.asked.address, "access_denied", "the request was denied"};
    return page::see_other(location_of(refusal, issuer_of(public_url_)));
}

http::Response ConsentEndpoint::switch_account(const Visit& visit) {
    db::Autocommit session{database_, {}};
    auto response = page::see_other(account::login_path(consent_path(visit.asked.id)));
    response.fields.emplace_back("Set-Cookie", account::end_session(session, visit.request));
    return response;
}

}  // namespace oauth
