#pragma once

#include <string_view>

#include "auth/principal.hpp"

namespace oauth {

/// The scopes that a space-separated list names (RFC 6749 section 3.3); those that Gatehouse does not know
/// are left out, because clients add some of their own accord.
auth::Scopes known_scopes_of(std::string_view list);

/// What a client gets that asks for no scope, or for none that is known.
inline const auth::Scopes default_scopes{auth::Scope::mcp_read, auth::Scope::mcp_write};

}  // namespace oauth
