#include "vault/grant_check.hpp"

#include "base/error.hpp"
#include "http_syntax/method.hpp"
#include "http_syntax/url.hpp"
#include "vault/placeholder.hpp"

namespace vault {
namespace {

using Names = std::set<std::string>;

[[noreturn]] void refuse(const std::string& why) {
    throw base::Error{base::Reason::invalid_input, "connector_invalid", why};
}

std::string filled(std::string_view text, const Examples& settings) {
    return fill_in(text, [&](const std::string& name) {
        const auto found = settings.find(name);
        return found == settings.end() ? nullptr : &found->second;
    });
}

void check_complete(const std::string& what, const std::string& text, const Examples& settings) {
    const auto left = placeholders_of(filled(text, settings));
    if (!left.empty()) refuse(what + ": {" + left.front() + "} names no setting");
}

void check_url(const std::string& what, const std::string& text, const Examples& settings) {
    check_complete(what, text, settings);
    try {
        if (http_syntax::parse_url(filled(text, settings)).scheme == "https") return;
    } catch (const base::Error&) {
    }
    refuse(what + " is no https URL");
}

void require_secret(const Names& secrets, const char* name, Names& used) {
    if (!secrets.contains(name)) refuse(std::string{"the grant needs a secret "} + name);
    used.insert(name);
}

void check_client(const Grant& grant, const Examples& settings, const Names& secrets, Names& used) {
    if (!grant.client_id) refuse("the grant needs client_id");
    check_complete("client_id", *grant.client_id, settings);
    if (grant.client_auth != ClientAuth::none) require_secret(secrets, "client_secret", used);
}

void check_grant(const Grant& grant, const Examples& settings, const Names& secrets, Names& used) {
    check_url("token_url", grant.token_url, settings);
    if (grant.scope) check_complete("scope", *grant.scope, settings);
    for (const auto* texts : {&grant.authorize_parameters, &grant.token_parameters, &grant.claims}) {
        for (const auto& [name, text] : *texts) check_complete(name, text, settings);
    }
    switch (grant.type) {
        case GrantType::authorization_code:
            if (!grant.authorize_url) refuse("the grant needs authorize_url");
            check_url("authorize_url", *grant.authorize_url, settings);
            return check_client(grant, settings, secrets, used);
        case GrantType::client_credentials:
            return check_client(grant, settings, secrets, used);
        case GrantType::jwt_bearer:
        case GrantType::github_app:
            if (!grant.claims.contains("iss")) refuse("the assertion needs the claim iss");
            return require_secret(secrets, "private_key", used);
    }
}

Names check_signature(const AuthMethod& method, const Examples& settings, const Names& secrets) {
    if (*method.signature != "aws_sigv4") refuse("there is no signature " + *method.signature);
    for (const auto* setting : {"region", "service"}) {
        if (!settings.contains(setting)) refuse(std::string{"aws_sigv4 needs a setting "} + setting);
    }
    Names used;
    for (const auto* name : {aws_access_key_id, aws_secret_access_key}) require_secret(secrets, name, used);
    if (secrets.contains(aws_session_token)) used.insert(aws_session_token);
    return used;
}

void check_revocation(const AuthMethod& method, const Examples& settings, Names known, Names& used) {
    const auto& revocation = *method.revocation;
    if (!http_syntax::find_method(revocation.method)) refuse("revocation.method is none");
    if (method.grant) known.insert({"access_token", "refresh_token", "token"});
    for (const auto& [name, text] : revocation.parameters) {
        for (const auto& placeholder : placeholders_of(filled(text, settings))) {
            if (!known.contains(placeholder)) refuse("revocation: {" + placeholder + "} names nothing");
        }
    }
    check_url("revocation.url", revocation.url, settings);
    const bool is_client =
        revocation.auth == RevocationAuth::client_basic || revocation.auth == RevocationAuth::client_post;
    if (is_client) require_secret(known, "client_secret", used);
    if (revocation.auth == RevocationAuth::token && !method.grant && method.secrets.size() != 1)
        refuse("revocation: which secret is the token?");
}

}  // namespace

std::set<std::string> check_grant_parts(const AuthMethod& method, const Examples& settings,
                                        const std::set<std::string>& secrets) {
    if (method.grant && method.signature) refuse("a method has a grant or a signature");
    auto used = method.signature ? check_signature(method, settings, secrets) : Names{};
    if (method.grant) check_grant(*method.grant, settings, secrets, used);
    if (method.revocation) check_revocation(method, settings, secrets, used);
    return used;
}

}  // namespace vault
