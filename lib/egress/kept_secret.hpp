#pragma once

#include "db/database.hpp"
#include "egress/opened_service.hpp"
#include "egress_client/messages.hpp"
#include "vault/connector.hpp"

namespace egress {

/// Takes the secret that an upstream made out of its answer, seals it as a service of its own, and leaves the
/// service's name in its place. An answer in which the secret is not where the connector says is withheld
/// whole, with an alert.
void keep_made_secret(db::Database& database, const Caller& caller, const OpenedService& opened,
                      const vault::Connector& connector, const vault::SecretEndpoint& endpoint,
                      egress_client::CallResult& result);

}  // namespace egress
