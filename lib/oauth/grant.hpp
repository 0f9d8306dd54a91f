#pragma once

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
    std::vector<std::string> scopes;
    std::string resource;
    base::Clock::time_point created_at;
    base::Clock::time_point expires_at;
};

/// The live grants of a person in all workspaces, newest first, at most 1,000.
std::vector<ListedGrant> list_grants(db::Session& session, const auth::UserId& owner);

/// Ends a grant of this person: its tokens are refused at once, and the client must ask anew.
/// Throws base::Error (not_found, "grant_not_found").
void revoke_grant(db::Session& session, const auth::UserId& owner, const GrantKey& id);

}  // namespace oauth
