#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "oauth/client.hpp"

namespace oauth {

struct GrantTag {
    static constexpr std::string_view prefix = "grt";
};
/// What a person let a client do.
using GrantKey = base::Id<GrantTag>;

struct ListedGrant {
    GrantKey id;
    std::string workspace;  ///< its slug
    std::string client_id;
    std::string client_name;
    ClientOrigin client_origin = ClientOrigin::dynamic;
    Registrar client_registrar = Registrar::administrator;
    std::vector<std::string> scopes;
    std::string resource;
    base::Clock::time_point created_at;
    base::Clock::time_point expires_at;
};

/// The live grants of a person, newest first, at most 1,000. `workspace`: those in it alone, for whoever asks
/// with a credential that is good there alone.
std::vector<ListedGrant> list_grants(db::Session& session, const auth::UserId& owner,
                                     const std::optional<auth::WorkspaceId>& workspace = std::nullopt);

/// Shuts the client of a grant of this person out of the grant's workspace: all that they let it do there
/// ends, its tokens are refused at once, and it must ask anew. `workspace`: as above. Throws base::Error
/// (not_found, "grant_not_found").
void revoke_grant(db::Session& session, const auth::UserId& owner, const GrantKey& id,
                  const std::optional<auth::WorkspaceId>& workspace = std::nullopt);

}  // namespace oauth
