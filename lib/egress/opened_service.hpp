#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/principal.hpp"
#include "base/error.hpp"
#include "db/database.hpp"
#include "egress_client/envelope.hpp"
#include "vault/service.hpp"
#include "vault_grant/token.hpp"
#include "vault_open/open.hpp"

namespace egress {

/// Who asks, by their own account: open_service checks it.
struct Caller {
    auth::WorkspaceId workspace;
    auth::KeyId credential;
    std::string proof;  ///< raw: SHA-256 of an API key's secret, 'u' and SHA-256 of a user token, or what
                        ///< auth::proof_of_token says of a verified access token
};

/// The caller with an API key. Throws base::Error (unauthenticated, "credential_invalid") when the envelope's
/// ids or its proof are none.
Caller caller_of(const egress_client::Envelope& envelope);

/// What an operation needs of the caller's credential.
enum class Need { read, write, reveal, administer };

/// What decides about a call besides the service itself.
struct Guard {
    bool is_decoy = false;
    std::optional<std::string> client_id;  ///< of the OAuth client that calls, where the policy names agents
    std::int64_t watch_generation = 0;     ///< counts changes of the workspace's secrets
    bool has_budget = false;               ///< the upstream has told limits: reservation.hpp
};

/// A service that this caller may use now, its credential still sealed.
struct OpenedService {
    vault::Service service;
    Guard guard;
    std::vector<vault_open::SealedField> fields;
    std::optional<vault_grant::Token> token;  ///< where the auth method has a grant and it was used
};

/// Why a service that is disabled or revoked may not be used.
base::Error service_disabled(const std::string& name);

/// Checks in PostgreSQL, in one round trip, that the credential is live, allows what is needed, and that its
/// workspace has this service; brings what the call needs. A decoy blocks the credential.
///
/// Throws base::Error: unauthenticated "credential_invalid"; insufficient_scope "insufficient_scope";
/// not_found "service_not_found"; forbidden "service_disabled" (to read and to administer, a service that is
/// disabled or revoked comes back in that state, with nothing to open).
OpenedService open_service(db::Database& database, const Caller& caller, Need need, const std::string& name);

}  // namespace egress
