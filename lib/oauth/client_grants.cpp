#include "oauth/client_grants.hpp"

#include "oauth/error.hpp"
#include "oauth/outcome.hpp"

namespace oauth {
namespace {

constexpr std::chrono::seconds longest_trust{10};
constexpr std::size_t most_remembered = 10'000;

TokenGrant copy_of(const TokenGrant& granted) {
    return {.grant = granted.grant,
            .workspace = granted.workspace,
            .subject = granted.subject,
            .client_id = granted.client_id,
            .resource = granted.resource,
            .scopes = granted.scopes,
            .refresh_token = {}};
}

}  // namespace

ClientGrants::ClientGrants(db::Database& database)
    : database_{database}, known_{database, {"gatehouse_credential"}, longest_trust, most_remembered} {}

TokenGrant ClientGrants::find_or_make(const Client& client, const std::string& resource,
                                      const std::string& workspace_slug) {
    const auto key = client.client_id + ' ' + resource;
    if (const auto known = known_.find(key)) return copy_of(**known);
    const auto asked = known_.ask();
    const auto granted = std::make_shared<const TokenGrant>(ask(client, resource, workspace_slug));
    known_.remember(key, granted, asked);
    return copy_of(*granted);
}

TokenGrant ClientGrants::ask(const Client& client, const std::string& resource,
                             const std::string& workspace_slug) {
    static constexpr db::Statement grant{"oauth.grant_client_credentials", R"sql(
        SELECT verdict, grant_id, workspace_id, user_id, client_id, scopes, resource
          FROM oauth.grant_client_credentials($1, $2, nullif($3, ''), $4)
    )sql"};
    const auto result = db::Autocommit{database_, {}}.query(grant, client.key, resource, workspace_slug,
                                                            base::Uuid::create());
    if (result.empty()) throw refusal("invalid_target", "the client may not act in that workspace");
    auto granted = granted_of(result.front());
    granted.subject = granted.client_id;
    return granted;
}

}  // namespace oauth
