#pragma once

#include <cstdint>
#include <string_view>

#include "db/session.hpp"

namespace vault {

/// Makes every credential of a connector useless: their services are revoked when this returns, whatever
/// call or renewal is under way, and are queued to be revoked at their provider. The result: how many.

/// In all workspaces: for the operator.
std::int64_t revoke_connector(db::Session& session, std::string_view connector);
/// In the session's.
std::int64_t revoke_connector_here(db::Session& session, std::string_view connector);

}  // namespace vault
