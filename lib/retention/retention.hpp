#pragma once

#include "db/session.hpp"

namespace retention {

/// Deletes what has outlived its use, a bounded number of rows per statement so that no lock is held for
/// long. Any number of workers on any hosts may do it at the same time.
///
/// Kept: results of idempotent writes 24 hours, audit records 400 days, interrupted MCP streams one hour,
/// changes that MCP clients may have missed a day, what an MCP session cannot hold itself 31 days,
/// registered clients that nobody let in 7 days and that nobody used 180 days, attempts to
/// connect a service seven days.
void delete_expired(db::Session& session);

}  // namespace retention
