#pragma once

#include <string>

#include "base/config.hpp"
#include "db/session.hpp"

namespace oauth {

/// Counts one registration from this address, and one of all. Throws TooManyRegistrations. The session must
/// be a transaction: what is refused must not be counted.
void take_registration(db::Session& session, const std::string& remote_address,
                       const base::Config::OAuth& limits);

}  // namespace oauth
