#include "vault_grant/request.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "schema/json.hpp"
#include "vault/placeholder.hpp"
#include "vault_grant/assertion.hpp"
#include "vault_grant/form.hpp"

namespace vault_grant {
namespace {

using http_client::Request;
using vault::ClientAuth;
using vault::GrantType;

std::string_view secret_of(const vault::Secrets& secrets, const char* name) {
    const auto found = secrets.find(name);
    return found == secrets.end() ? std::string_view{} : found->second.reveal();
}

void add_field(Request& request, std::string name, std::string_view value) {
    request.fields.push_back({std::move(name), base::Secret{value}});
}

Request request_to(const std::string& url, const std::string& method = "POST") {
    Request request;
    request.method = http_syntax::find_method(method);
    request.url = http_syntax::parse_url(url);
    add_field(request, "Accept", "application/json");
    add_field(request, "User-Agent", "Gatehouse/" GATEHOUSE_VERSION);
    return request;
}

void set_form(Request& request, const Form& form) {
    add_field(request, "Content-Type", "application/x-www-form-urlencoded");
    request.body = form.text();
}

/// Both are form-encoded first (RFC 6749 section 2.3.1).
void add_basic(Request& request, const std::string& client_id, std::string_view client_secret) {
    auto text = "Basic " + crypto::base64_of(http_syntax::percent_encode(client_id) + ':' +
                                             http_syntax::percent_encode(client_secret));
    request.fields.push_back({"Authorization", base::Secret::take(text)});
}

void add_client(Request& request, Form& form, const Holder& holder, const vault::Secrets& secrets,
                ClientAuth auth) {
    const auto client_id = holder.filled(holder.method->grant->client_id);
    const auto client_secret = secret_of(secrets, "client_secret");
    if (auth == ClientAuth::basic) return add_basic(request, client_id, client_secret);
    form.add_unless_empty("client_id", client_id);
    if (auth == ClientAuth::post) form.add("client_secret", client_secret);
}

void add_parameters(Form& form, const Holder& holder, const std::map<std::string, std::string>& parameters) {
    for (const auto& [name, text] : parameters) form.add_unless_empty(name, holder.filled(text));
}

Request client_request(const Holder& holder, const vault::Secrets& secrets, Form form) {
    const auto& grant = *holder.method->grant;
    auto request = request_to(holder.filled_url(grant.token_url));
    add_client(request, form, holder, secrets, grant.client_auth);
    add_parameters(form, holder, grant.token_parameters);
    set_form(request, form);
    return request;
}

Request assertion_request(const Holder& holder, const vault::Secrets& secrets, base::Clock::time_point now) {
    const auto& grant = *holder.method->grant;
    auto request = request_to(holder.filled_url(grant.token_url));
    auto assertion = sign_assertion(holder, secrets, now);
    if (grant.type == GrantType::github_app) {
        auto bearer = "Bearer " + assertion;
        request.fields.push_back({"Authorization", base::Secret::take(bearer)});
        request.body = "";
        return request;
    }
    Form form;
    form.add("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    form.add("assertion", assertion);
    add_parameters(form, holder, grant.token_parameters);
    set_form(request, form);
    return request;
}

std::string challenge_of(const base::Secret& verifier) {
    return crypto::base64url_of(crypto::sha256(verifier.reveal()));
}

}  // namespace

void Form::add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    text_ += http_syntax::percent_encode(name) + '=' + http_syntax::percent_encode(value);
}

void Form::add_unless_empty(std::string_view name, std::string_view value) {
    if (!value.empty()) add(name, value);
}

Request token_request(const Holder& holder, const vault::Secrets& secrets, const base::Secret& refresh_token,
                      base::Clock::time_point now) {
    const auto& grant = *holder.method->grant;
    Form form;
    if (!refresh_token.empty()) {
        form.add("grant_type", "refresh_token");
        form.add("refresh_token", refresh_token.reveal());
        return client_request(holder, secrets, std::move(form));
    }
    if (grant.type != GrantType::client_credentials) return assertion_request(holder, secrets, now);
    form.add("grant_type", "client_credentials");
    form.add_unless_empty("scope", holder.filled(grant.scope));
    return client_request(holder, secrets, std::move(form));
}

std::string authorization_url(const Holder& holder, const Authorization& authorization) {
    const auto& grant = *holder.method->grant;
    Form query;
    query.add("response_type", "code");
    query.add("client_id", holder.filled(grant.client_id));
    query.add("redirect_uri", authorization.redirect_uri);
    query.add_unless_empty("scope", holder.filled(grant.scope));
    query.add("state", authorization.state);
    query.add("code_challenge", challenge_of(authorization.verifier));
    query.add("code_challenge_method", "S256");
    add_parameters(query, holder, grant.authorize_parameters);
    auto url = http_syntax::parse_url(holder.filled_url(*grant.authorize_url));
    url.query += (url.query.empty() ? "" : "&") + query.text();
    return url.text();
}

Request exchange_request(const Holder& holder, const vault::Secrets& secrets,
                         const Authorization& authorization, const base::Secret& code) {
    Form form;
    form.add("grant_type", "authorization_code");
    form.add("code", code.reveal());
    form.add("redirect_uri", authorization.redirect_uri);
    form.add("code_verifier", authorization.verifier.reveal());
    return client_request(holder, secrets, std::move(form));
}

Request revocation_request(const Holder& holder, const vault::Secrets& secrets, const base::Secret& access,
                           const base::Secret& refresh) {
    using vault::RevocationAuth;
    const auto& revocation = *holder.method->revocation;
    const auto token = refresh.empty() ? access.reveal() : refresh.reveal();
    std::map<std::string, std::string, std::less<>> values{{"access_token", std::string{access.reveal()}},
                                                           {"refresh_token", std::string{refresh.reveal()}},
                                                           {"token", std::string{token}}};
    for (const auto& [name, secret] : secrets) values.emplace(name, secret.reveal());
    auto request = request_to(holder.filled_url(revocation.url), revocation.method);
    Form form;
    auto object = schema::json::object();
    for (const auto& [name, text] : revocation.parameters) {
        const auto value = vault::fill_in(holder.filled(text), [&](const std::string& wanted) {
            const auto found = values.find(wanted);
            return found == values.end() ? nullptr : &found->second;
        });
        form.add_unless_empty(name, value);
        object[name] = value;
    }
    if (revocation.auth == RevocationAuth::client_basic)
        add_client(request, form, holder, secrets, ClientAuth::basic);
    if (revocation.auth == RevocationAuth::client_post)
        add_client(request, form, holder, secrets, ClientAuth::post);
    if (revocation.auth == RevocationAuth::token) {
        const auto bearer = holder.method->grant ? access.reveal() : secrets.begin()->second.reveal();
        auto text = "Bearer " + std::string{bearer};
        request.fields.push_back({"Authorization", base::Secret::take(text)});
    }
    if (revocation.is_json) {
        add_field(request, "Content-Type", "application/json");
        request.body = schema::dump(object);
    } else if (request.method->has_body) {
        set_form(request, form);
    }
    return request;
}

}  // namespace vault_grant
