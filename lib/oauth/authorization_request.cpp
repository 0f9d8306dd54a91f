#include "oauth/authorization_request.hpp"

#include <algorithm>
#include <sstream>

#include "base/error.hpp"
#include "crypto/encoding.hpp"
#include "oauth/redirect_uri.hpp"
#include "oauth/resource.hpp"
#include "oauth/scope.hpp"

namespace oauth {
namespace {

constexpr std::size_t state_limit = 4096;

void check_repeats(const http::Form& parameters, const ReturnAddress& address) {
    for (const auto& [name, value] : parameters.parameters()) {
        if (name != "resource" && parameters.is_repeated(name))
            throw AuthorizationRefusal{address, "invalid_request", "the parameter " + name + " came twice"};
    }
}

void check_response_type(const http::Form& parameters, const ReturnAddress& address) {
    const auto type = parameters.find("response_type");
    if (!type) throw AuthorizationRefusal{address, "invalid_request", "response_type is missing"};
    if (*type != "code")
        throw AuthorizationRefusal{address, "unsupported_response_type", "response_type must be code"};
    if (parameters.text("response_mode") != "" && parameters.text("response_mode") != "query")
        throw AuthorizationRefusal{address, "invalid_request", "response_mode must be query"};
    if (parameters.find("request") || parameters.find("request_uri"))
        throw AuthorizationRefusal{address, "invalid_request", "request objects are not supported"};
}

std::string code_challenge_of(const http::Form& parameters, const ReturnAddress& address) {
    const auto challenge = parameters.find("code_challenge");
    if (!challenge) throw AuthorizationRefusal{address, "invalid_request", "code_challenge is missing"};
    if (parameters.text("code_challenge_method") != "S256")
        throw AuthorizationRefusal{address, "invalid_request", "code_challenge_method must be S256"};
    const auto digest = crypto::bytes_of_base64url(*challenge);
    if (challenge->size() != 43 || !digest)
        throw AuthorizationRefusal{address, "invalid_request",
                                   "code_challenge must be 43 characters of base64url"};
    return *challenge;
}

std::string resource_of(const http::Form& parameters, const ReturnAddress& address,
                        const std::string& public_url) {
    std::optional<std::string> chosen;
    for (const auto& [name, value] : parameters.parameters()) {
        if (name != "resource" || value.empty()) continue;
        const auto resource = canonical_resource(value);
        if (!resource || !endpoint_of_resource(public_url, *resource) || (chosen && *chosen != *resource))
            throw AuthorizationRefusal{address, "invalid_target",
                                       "resource must be the URL of one MCP endpoint of this server"};
        chosen = resource;
    }
    return chosen.value_or(default_resource(public_url));
}

auth::Scopes scopes_of(const http::Form& parameters) {
    auto scopes = known_scopes_of(parameters.text("scope"));
    return scopes.names().empty() ? default_scopes : scopes;
}

std::vector<std::string> prompts_of(const http::Form& parameters, const ReturnAddress& address) {
    std::vector<std::string> prompts;
    std::istringstream words{parameters.text("prompt")};
    for (std::string word; words >> word && prompts.size() < 8;) prompts.push_back(word);
    if (prompts.size() > 1 && std::ranges::find(prompts, "none") != prompts.end())
        throw AuthorizationRefusal{address, "invalid_request", "prompt none stands alone"};
    return prompts;
}

}  // namespace

bool AuthorizationRequest::has_prompt(std::string_view prompt) const noexcept {
    return std::ranges::find(prompts, prompt) != prompts.end();
}

ReturnAddress return_address_of(const http::Form& parameters, const Client& client) {
    const auto uri = parameters.is_repeated("redirect_uri")
                         ? std::nullopt
                         : choose_redirect_uri(client.redirect_uris, parameters.find("redirect_uri"));
    if (!uri)
        throw base::Error{base::Reason::invalid_input, "redirect_uri_mismatch",
                          "The program asks for an answer at an address that it is not registered with. "
                          "Remove the connection in the program and add it again."};
    auto state = parameters.find("state");
    if (state && state->size() > state_limit)
        throw base::Error{base::Reason::invalid_input, "state_too_long",
                          "The program sent a state of more than 4096 characters."};
    return {*uri, std::move(state)};
}

AuthorizationRequest read_authorization_request(const http::Form& parameters, Client client,
                                                ReturnAddress address, const std::string& public_url) {
    check_repeats(parameters, address);
    check_response_type(parameters, address);
    if (!client.has_grant_type("authorization_code"))
        throw AuthorizationRefusal{address, "unauthorized_client", "the client may not use this grant type"};
    AuthorizationRequest request;
    request.code_challenge = code_challenge_of(parameters, address);
    request.resource = resource_of(parameters, address, public_url);
    request.scopes = scopes_of(parameters);
    request.prompts = prompts_of(parameters, address);
    request.client = std::move(client);
    request.address = std::move(address);
    request.created_at = base::Clock::now();
    return request;
}

RequestId store_authorization_request(db::Session& session, const AuthorizationRequest& request,
                                      const std::string& browser_sha256) {
    static constexpr db::Statement insert{"oauth.store_authorization_request", R"sql(
        INSERT INTO oauth.authorization_request (id, browser_sha256, client, redirect_uri, state, scopes, resource,
                                                 code_challenge, prompts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    )sql"};
    const auto id = RequestId::create();
    session.query(insert, id, db::Bytes{browser_sha256}, request.client.key, request.address.redirect_uri,
                  request.address.state, request.scopes.names(), request.resource, request.code_challenge,
                  request.prompts);
    return id;
}

AuthorizationRequest require_authorization_request(db::Session& session, std::string_view id,
                                                   const std::string& browser_sha256) {
    static constexpr db::Statement select{"oauth.find_authorization_request", R"sql(
        SELECT client, redirect_uri, state, scopes, resource, code_challenge, prompts,
               extract(epoch FROM created_at)
          FROM oauth.authorization_request
         WHERE id = $1 AND browser_sha256 = $2 AND decided_at IS NULL AND expires_at > now()
    )sql"};
    const base::Error expired{base::Reason::invalid_input, "authorization_request_expired",
                              "This request has been answered or is too old. Start again from the program "
                              "that you want to connect."};
    const auto key = RequestId::parse(id);
    if (!key) throw expired;
    const auto result = session.query(select, *key, db::Bytes{browser_sha256});
    if (result.empty()) throw expired;
    const auto row = result.front();
    auto client = find_client(session, ClientKey{row.uuid(0)});
    if (!client) throw expired;
    return {.id = *key,
            .client = *std::move(client),
            .address = {row.string(1), row.optional_string(2)},
            .scopes = auth::Scopes::parse(row.strings(3)),
            .resource = row.string(4),
            .code_challenge = row.string(5),
            .prompts = row.strings(6),
            .created_at = row.time(7)};
}

bool decide_authorization_request(db::Session& session, const RequestId& id,
                                  const std::string& browser_sha256) {
    static constexpr db::Statement update{"oauth.decide_authorization_request", R"sql(
        UPDATE oauth.authorization_request
           SET decided_at = now()
         WHERE id = $1 AND browser_sha256 = $2 AND decided_at IS NULL AND expires_at > now()
    )sql"};
    return session.query(update, id, db::Bytes{browser_sha256}).affected() == 1;
}

}  // namespace oauth
