#pragma once

#include <optional>
#include <string_view>

#include "auth/principal.hpp"
#include "db/database.hpp"

namespace rest_access {

/// The person behind a live user token, in the workspace of that slug or public id; without one in the only
/// workspace they are a member of. The row of the session behind the token alone decides whether it is good.
///
/// Nothing when the token is unknown or has ended. Throws base::Error: not_found "workspace_not_found"
/// (they are no member, or it is suspended); invalid_input "workspace_missing" (several, none named).
std::optional<auth::Principal> find_user_token(db::Database& database, std::string_view token,
                                               std::string_view workspace);

/// The same; throws base::Error (unauthenticated, "credential_invalid") when there is none.
auth::Principal require_user_token(db::Database& database, std::string_view token,
                                   std::string_view workspace);

}  // namespace rest_access
