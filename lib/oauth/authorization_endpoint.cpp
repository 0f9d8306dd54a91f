#include "oauth/authorization_endpoint.hpp"

#include "base/error.hpp"
#include "http/uri.hpp"
#include "oauth/consent_endpoint.hpp"
#include "oauth/metadata.hpp"
#include "oauth/redirect_uri.hpp"

namespace oauth {
namespace {

base::Error unknown_client() {
    return base::Error{base::Reason::invalid_input, "invalid_client",
                       "This server does not know the program that sent you here. Remove the connection in "
                       "the program and add it again; it then registers anew."};
}

http::Form parameters_of(const http::Request& request) {
    switch (request.method) {
        case http::Method::get:
        case http::Method::head:
            return http::Form::parse(request.query);
        case http::Method::post:
            return http::Form::of(request);
        default:
            throw base::Error{base::Reason::invalid_input, "method_not_allowed",
                              "Only GET and POST are served here."};
    }
}

bool covers(const auth::Scopes& given, const auth::Scopes& asked) {
    for (const auto scope :
         {auth::Scope::mcp_read, auth::Scope::mcp_write, auth::Scope::vault_reveal, auth::Scope::admin}) {
        if (asked.allows(scope) && !given.allows(scope)) return false;
    }
    return true;
}

/// A program on the person's own machine, or one that the operator or a host stands for: nobody is led
/// astray by being sent back there. Anyone may register another one.
bool may_return_unasked(const Client& client, const std::string& redirect_uri) {
    const auto parsed = parse_redirect_uri(redirect_uri);
    const auto proof = proof_of(client, redirect_uri);
    return (parsed && parsed->kind == RedirectKind::loopback) || proof == Proof::by_operator ||
           proof == Proof::by_host;
}

std::string own_path_of(const http::Form& parameters) {
    std::string path = "/oauth/authorize";
    for (const auto& [name, value] : parameters.parameters()) {
        path += path.find('?') == std::string::npos ? '?' : '&';
        path += http::percent_encode(name) + '=' + http::percent_encode(value);
    }
    return path;
}

}  // namespace

/// One browser at the endpoint.
struct AuthorizationEndpoint::Visit {
    const http::Request& request;
    http::Form parameters;
    account::FormGuard guard;
    std::optional<account::LoginSession> session;
};

AuthorizationEndpoint::AuthorizationEndpoint(const base::Config& config, db::Database& database,
                                             const page::Pages&)
    : public_url_{config.public_url}, database_{database}, documents_{database, config} {}

Client AuthorizationEndpoint::require_client(const http::Form& parameters,
                                             const std::string& remote_address) {
    const auto client_id = parameters.find("client_id");
    if (!client_id) throw unknown_client();
    if (is_metadata_document_url(*client_id)) return documents_.require(*client_id, remote_address);
    db::Autocommit session{database_, {}};
    if (auto client = find_client(session, *client_id)) return *std::move(client);
    throw unknown_client();
}

http::Response AuthorizationEndpoint::answer(const http::Request& request) {
    auto parameters = parameters_of(request);
    auto client = require_client(parameters, request.remote_address);
    auto address = return_address_of(parameters, client);
    db::Autocommit session{database_, {}};
    Visit visit{request, std::move(parameters), account::FormGuard{request},
                account::find_session(session, request)};
    try {
        return begin(visit, read_authorization_request(visit.parameters, client, address, public_url_));
    } catch (const AuthorizationRefusal& refusal) {
        return refuse(visit, refusal, client);
    }
}

/// OAuth 2.1 section 7.13: who is not signed in is not sent to wherever someone registered.
http::Response AuthorizationEndpoint::refuse(const Visit& visit, const AuthorizationRefusal& refusal,
                                             const Client& client) {
    const bool is_silent = visit.parameters.text("prompt") == "none";
    if (!is_silent && !visit.session && !may_return_unasked(client, refusal.address().redirect_uri))
        return page::see_other(account::login_path(own_path_of(visit.parameters)));
    return page::see_other(location_of(refusal, issuer_of(public_url_)));
}

std::optional<http::Response> AuthorizationEndpoint::answer_from_consent(
    const Visit& visit, const AuthorizationRequest& request) {
    if (!may_skip_consent(request.client, request.address.redirect_uri)) return std::nullopt;
    db::Transaction transaction{database_, {}};
    hold_client(transaction, request.client);
    std::vector<Consent> usable;
    const auto workspaces = workspaces_for(transaction, visit.session->user, request);
    for (const auto& consent : find_consents(transaction, visit.session->user, request)) {
        for (const auto& workspace : workspaces) {
            const bool is_allowed = !request.scopes.allows(auth::Scope::admin) || workspace.is_administered();
            if (workspace.id == consent.workspace && workspace.is_open() && is_allowed &&
                covers(consent.scopes, request.scopes))
                usable.push_back({consent.workspace, request.scopes});
        }
    }
    if (usable.size() != 1) return std::nullopt;
    const auto code = issue_code(transaction, *visit.session, request, usable.front());
    transaction.commit();
    return page::see_other(location_of(request.address, code.reveal(), issuer_of(public_url_)));
}

http::Response AuthorizationEndpoint::begin(Visit& visit, AuthorizationRequest request) {
    const bool is_silent = request.has_prompt("none");
    const bool asks_who = request.has_prompt("login") || request.has_prompt("select_account");
    if (visit.session && !asks_who && !request.has_prompt("consent")) {
        if (auto response = answer_from_consent(visit, request)) return *std::move(response);
    }
    if (is_silent) {
        throw AuthorizationRefusal{request.address, visit.session ? "consent_required" : "login_required",
                                   "a person has to be asked"};
    }
    db::Autocommit session{database_, {}};
    const auto id = store_authorization_request(session, request, visit.guard.browser_sha256());
    auto response = page::see_other(consent_path(id));
    if (!visit.session || asks_who) {
        response = page::see_other(account::login_path(consent_path(id)));
        if (visit.session) {
            response.fields.emplace_back("Set-Cookie", account::end_session(session, visit.request));
        }
    }
    visit.guard.remember(response);
    return response;
}

}  // namespace oauth
