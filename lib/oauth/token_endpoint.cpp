#include "oauth/token_endpoint.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "http/json_text.hpp"
#include "oauth/access_token.hpp"
#include "oauth/error.hpp"
#include "oauth/form_endpoint.hpp"
#include "oauth/metadata.hpp"
#include "oauth/resource.hpp"
#include "oauth/token_grant.hpp"

namespace oauth {
namespace {

constexpr std::size_t shortest_verifier = 43;
constexpr std::size_t longest_verifier = 128;

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"-._~"}.find(c) != std::string_view::npos;
}

// RFC 7636 section 4.1.
const std::string& verifier_of(const Parameters& parameters) {
    const auto& verifier = parameters.require("code_verifier");
    if (verifier.size() < shortest_verifier || verifier.size() > longest_verifier ||
        !std::ranges::all_of(verifier, is_unreserved)) {
        throw refusal("invalid_request", "the code_verifier is not 43 to 128 unreserved characters");
    }
    return verifier;
}

// RFC 8707 section 2.2: a token is for one resource, however often that is named.
std::optional<std::string> resource_of(const Parameters& parameters) {
    std::optional<std::string> only;
    for (const auto& value : parameters.all("resource")) {
        auto resource = canonical_resource(value);
        if (!resource || (only && only != resource))
            throw refusal("invalid_target", "the resource must be one absolute URI without a fragment");
        only = std::move(resource);
    }
    return only;
}

// Scopes that are not ours (openid, offline_access, ...) are what clients ask everywhere: they count for
// nothing.
std::optional<auth::Scopes> scopes_of(const Parameters& parameters) {
    if (!parameters.has("scope")) return std::nullopt;
    const auto scopes = auth::Scopes::known_in(parameters.text("scope"));
    if (scopes.empty()) throw refusal("invalid_scope", "none of these scopes can be granted");
    return scopes;
}

void require_grant_type(const Client& client, const std::string& grant_type) {
    if (client.has_grant_type(grant_type)) return;
    throw refusal("unauthorized_client", "this client may not use the grant type " + grant_type);
}

}  // namespace

TokenEndpoint::TokenEndpoint(const base::Config& config)
    : public_url_{config.public_url},
      settings_{config.tokens},
      database_{config.database, "gatehouse_oauth_token"},
      keys_{config.keys.signing},
      signing_keys_{database_, keys_, settings_},
      clients_{database_, {issuer_of(public_url_), public_url_ + "/oauth/token"}},
      client_grants_{database_},
      refresh_rotation_{database_, keys_, settings_} {}

http::Response TokenEndpoint::answer(const http::Request& request, http::Exchange&) {
    return answer_form(request, [&](const Parameters& parameters) { return grant(request, parameters); });
}

http::Response TokenEndpoint::grant(const http::Request& request, const Parameters& parameters) {
    const auto& grant_type = parameters.require("grant_type");
    const auto key = signing_keys_.current();
    if (grant_type == "refresh_token") {
        const auto client = clients_.find_client(request, parameters);
        if (client) require_grant_type(*client, grant_type);
        return response_of(rotate_refresh_token(client.get(), parameters), *key);
    }
    if (grant_type == "authorization_code") {
        const auto client = clients_.require_client(request, parameters);
        require_grant_type(*client, grant_type);
        return response_of(redeem_code(*client, parameters), *key);
    }
    if (grant_type == "client_credentials") {
        const auto client = clients_.require_client(request, parameters);
        require_grant_type(*client, grant_type);
        return response_of(grant_client_credentials(*client, parameters), *key);
    }
    throw refusal("unsupported_grant_type",
                  "the grant types are authorization_code, refresh_token and client_credentials");
}

TokenGrant TokenEndpoint::redeem_code(const Client& client, const Parameters& parameters) {
    const CodeRequest request{.code = parameters.require("code"),
                              .verifier = verifier_of(parameters),
                              .redirect_uri = parameters.find("redirect_uri"),
                              .resource = resource_of(parameters)};
    db::Autocommit session{database_, {}};
    return oauth::redeem_code(session, keys_, client, request, settings_);
}

TokenGrant TokenEndpoint::rotate_refresh_token(const Client* client, const Parameters& parameters) {
    const RefreshRequest request{.refresh_token = parameters.require("refresh_token"),
                                 .client_id = parameters.find("client_id"),
                                 .scopes = scopes_of(parameters),
                                 .resource = resource_of(parameters)};
    return refresh_rotation_.rotate(client, request);
}

TokenGrant TokenEndpoint::grant_client_credentials(const Client& client, const Parameters& parameters) {
    if (client.is_public() || !client.service_account)
        throw refusal("unauthorized_client", "this client may not act by itself");
    const auto resource = resource_of(parameters).value_or(default_resource(public_url_));
    const auto endpoint = endpoint_of_resource(public_url_, resource);
    if (!endpoint) throw refusal("invalid_target", "the resource is none of this server's");
    const auto wanted = scopes_of(parameters);
    auto granted = client_grants_.find_or_make(client, resource,
                                               endpoint->starts_with("/v1/") ? endpoint->substr(4) : "");
    if (!wanted) return granted;
    if (!granted.scopes.include(*wanted))
        throw refusal("invalid_scope", "the scope is wider than what this client may have");
    granted.scopes = *wanted;
    return granted;
}

http::Response TokenEndpoint::response_of(const TokenGrant& granted, const jose::SigningKey& key) {
    const auto scope = granted.scopes.text();
    const auto access_token =
        issue_access_token(key, {.issuer = issuer_of(public_url_),
                                 .subject = granted.subject,
                                 .resource = granted.resource,
                                 .client_id = granted.client_id,
                                 .scope = scope,
                                 .grant = granted.grant,
                                 .workspace = granted.workspace,
                                 .lifetime = std::chrono::seconds{settings_.access_token_lifetime}});
    std::string body = R"({"access_token":")" + access_token + R"(","token_type":"Bearer","expires_in":)" +
                       std::to_string(settings_.access_token_lifetime);
    body += ",\"scope\":";
    http::append_json_string(body, scope);
    if (!granted.refresh_token.empty())
        body.append(",\"refresh_token\":\"").append(granted.refresh_token.reveal()).append("\"");
    body += '}';
    return json_response(std::move(body));
}

}  // namespace oauth
