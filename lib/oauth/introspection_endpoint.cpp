#include "oauth/introspection_endpoint.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "oauth/error.hpp"
#include "oauth/form_endpoint.hpp"
#include "oauth/metadata.hpp"
#include "oauth/refresh_token.hpp"
#include "schema/json.hpp"

namespace oauth {
namespace {

using nlohmann::json;

std::int64_t seconds_of(base::Clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

struct IntrospectionEndpoint::Active {
    auth::WorkspaceId workspace;
    ClientKey client;
    json members;

    bool is_for(const Client& asking) const {
        return asking.key == client ||
               (asking.service_account && asking.service_account->workspace == workspace);
    }
};

IntrospectionEndpoint::IntrospectionEndpoint(const base::Config& config)
    : issuer_{issuer_of(config.public_url)},
      database_{config.database, "gatehouse_oauth_introspect"},
      clients_{database_, {issuer_, issuer_ + "/oauth/token", issuer_ + "/oauth/introspect"}},
      tokens_{database_, issuer_} {}

http::Response IntrospectionEndpoint::answer(const http::Request& request, http::Exchange&) {
    return answer_form(request, [&](const Parameters& parameters) {
        const auto client = clients_.find_client(request, parameters);
        if (!client || client->is_public())
            throw refusal("invalid_client", "introspection is for clients that authenticate");
        const auto active = find(parameters.require("token"));
        if (!active || !active->is_for(*client)) return json_response(R"({"active":false})");
        return json_response(schema::dump(active->members));
    });
}

std::optional<IntrospectionEndpoint::Active> IntrospectionEndpoint::find(const std::string& token) {
    if (auth::AccessTokens::has_form_of(token)) return find_access_token(token);
    return find_refresh_token(token);
}

std::optional<IntrospectionEndpoint::Active> IntrospectionEndpoint::find_access_token(
    const std::string& token) {
    static constexpr db::Statement select{
        "oauth.introspect_grant",
        "SELECT state, workspace_id, user_id, client, scopes FROM auth.find_grant($1, $2)"};
    try {
        const auto verified = tokens_.verify(token);
        const auto result = db::Autocommit{database_, {}}.query(select, verified.grant, verified.id);
        if (result.empty() || result.front().text(0) != "live") return std::nullopt;
        const auto row = result.front();
        const auto scopes = verified.scopes.common_with(auth::Scopes::parse(row.strings(4)));
        return Active{auth::WorkspaceId{row.uuid(1)}, ClientKey{row.uuid(3)},
                      json{{"active", true},
                           {"scope", scopes.text()},
                           {"client_id", verified.client_id},
                           {"sub", verified.subject},
                           {"aud", verified.resource},
                           {"iss", issuer_},
                           {"exp", seconds_of(verified.expires_at)},
                           {"iat", seconds_of(verified.issued_at)},
                           {"jti", base::base32_of(verified.id)},
                           {"token_type", "Bearer"}}};
    } catch (const base::Error& error) {
        if (error.reason() != base::Reason::unauthenticated) throw;
        return std::nullopt;
    }
}

std::optional<IntrospectionEndpoint::Active> IntrospectionEndpoint::find_refresh_token(
    const std::string& token) {
    static constexpr db::Statement select{"oauth.introspect_refresh_token", R"sql(
        SELECT workspace_id, user_id, client, client_id, scopes, resource, extract(epoch FROM issued_at),
               extract(epoch FROM expires_at)
          FROM oauth.find_refresh_token($1, $2)
    )sql"};
    const auto read = RefreshToken::read(token);
    if (!read) return std::nullopt;
    const auto result = db::Autocommit{database_, {}}.query(select, read->grant, db::Bytes{read->sha256});
    if (result.empty()) return std::nullopt;
    const auto row = result.front();
    return Active{auth::WorkspaceId{row.uuid(0)}, ClientKey{row.uuid(2)},
                  json{{"active", true},
                       {"scope", auth::Scopes::parse(row.strings(4)).text()},
                       {"client_id", row.string(3)},
                       {"sub", auth::UserId{row.uuid(1)}.text()},
                       {"aud", row.string(5)},
                       {"iss", issuer_},
                       {"iat", seconds_of(row.time(6))},
                       {"exp", seconds_of(row.time(7))}}};
}

}  // namespace oauth
