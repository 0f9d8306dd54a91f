#pragma once

#include "db/database.hpp"
#include "http_client/client.hpp"
#include "vault_grant/holder.hpp"

namespace vault_grant {

/// Revokes a service's credential at its provider if that is due: the service was revoked here, its method
/// names how, and it was not done yet. Afterwards its tokens are gone here too. A provider that is down is
/// asked again later; the outcome stands in vault.revocation. Throws nothing of the provider's.
void revoke_due(db::Database& database, const vault_keys::KeyEncryption& key_encryption,
                http_client::Client& client, const Holder& holder);

}  // namespace vault_grant
