#pragma once

#include <string_view>

#include "db/result.hpp"
#include "oauth/token_grant.hpp"

namespace oauth {

/// Throws the refusal that a verdict other than "ok" stands for.
void require_ok(std::string_view verdict);

/// A row of type oauth.outcome: verdict, grant_id, workspace_id, user_id, client_id, scopes, resource.
/// Throws as require_ok.
TokenGrant granted_of(const db::Row& row);

}  // namespace oauth
