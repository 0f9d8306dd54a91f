#pragma once

#include <string>

#include "db/database.hpp"
#include "egress/opened_service.hpp"

namespace egress {

/// Leaves a line for the administrator: "credential_echoed" (which also marks the service),
/// "secret_in_request" or "secret_withheld". Never throws: the call's own outcome goes on.
void raise_alert(db::Database& database, const Caller& caller, const vault::ServiceId& service,
                 const char* kind, const std::string& detail) noexcept;

/// Blocks the credential that touched a decoy, leaves an alert of the kind "decoy_used" or
/// "decoy_value_seen", and throws base::Error (unauthenticated, "credential_invalid"): what the blocked
/// credential hears from now on.
[[noreturn]] void trip_decoy(db::Database& database, const Caller& caller, const vault::ServiceId& decoy,
                             const char* kind, const std::string& detail);

}  // namespace egress
