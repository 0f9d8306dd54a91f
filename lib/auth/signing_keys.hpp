#pragma once

#include "db/session.hpp"
#include "jose/key_set.hpp"

namespace auth {

/// The public keys that access tokens are signed with: the present one, the next and those whose tokens may
/// still live. PostgreSQL tells on the channel gatehouse_signing_key when one is taken back.
jose::KeySet find_signing_keys(db::Session& session);

}  // namespace auth
