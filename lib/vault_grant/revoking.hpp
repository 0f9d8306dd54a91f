#pragma once

#include "db/database.hpp"
#include "http_client/client.hpp"
#include "vault_grant/holder.hpp"

namespace vault_grant {

struct RevocationOutcome {
    bool is_revoked = false;
    std::string text;  ///< for people; of the answer it quotes the status and an error code alone
};

/// Success alone means that the credential is worthless now (RFC 7009 section 2.2); what any other answer
/// says, 4xx too, is about the request or the provider and may change.
RevocationOutcome revocation_outcome_of(const http_client::Response& response);

/// Revokes a service's credential at its provider if that is due: the service was revoked here, its method
/// names how, and it was not done yet. Afterwards its tokens are gone here too. A provider that is down or
/// refuses is asked again, ever less often for some days; what it said last stands in vault.revocation.
/// Throws nothing of the provider's.
void revoke_due(db::Database& database, const vault_keys::KeyEncryption& key_encryption,
                http_client::Client& client, const Holder& holder);

}  // namespace vault_grant
