#pragma once

#include <memory>
#include <string>

#include "db/notified_cache.hpp"
#include "oauth/client.hpp"
#include "oauth/token_grant.hpp"

namespace oauth {

/// The grants of clients that act by themselves (OAuth 2.1 section 4.2): one for each client and resource,
/// made at the first request. They are remembered in the process and forgotten at once when PostgreSQL tells
/// that one changed; a token is held against its grant whenever it is used. Safe from any thread.
class ClientGrants {
public:
    explicit ClientGrants(db::Database& database);

    /// `workspace_slug`: the workspace that the resource names; empty when it names none.
    ///
    /// Throws refusal: "invalid_target", "invalid_grant", "invalid_client"; base::Error (unavailable) when
    /// trying again helps.
    TokenGrant find_or_make(const Client& client, const std::string& resource,
                            const std::string& workspace_slug);

private:
    TokenGrant ask(const Client& client, const std::string& resource, const std::string& workspace_slug);

    db::Database& database_;
    db::NotifiedCache<std::shared_ptr<const TokenGrant>> known_;
};

}  // namespace oauth
