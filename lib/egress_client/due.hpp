#pragma once

#include "db/session.hpp"
#include "egress_client/egress.hpp"

namespace egress_client {

/// Asks egress for what is due in any workspace: tokens that end soon to be renewed, credentials to be
/// revoked at their provider. At most 50 of each; whatever fails is due again later. Any number of workers
/// may do it at once: egress takes each once.
void attend_to_due_credentials(db::Session& session, Egress& egress);

}  // namespace egress_client
