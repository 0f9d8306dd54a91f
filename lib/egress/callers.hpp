#pragma once

#include "auth/access_token.hpp"
#include "base/config.hpp"
#include "db/database.hpp"
#include "egress/opened_service.hpp"
#include "egress_client/envelope.hpp"

namespace egress {

/// Finds out on whose behalf an envelope comes. Of an access token the signature, the issuer and the expiry
/// are verified here, against the public keys in PostgreSQL: whoever asks egress is not believed. Whether the
/// credential lives and what it may do, open_service checks. Safe from any thread.
class Callers {
public:
    Callers(const base::Config& config, db::Database& database);

    /// Throws base::Error (unauthenticated, "credential_invalid").
    Caller of(const egress_client::Envelope& envelope);

private:
    auth::AccessTokens tokens_;
};

}  // namespace egress
