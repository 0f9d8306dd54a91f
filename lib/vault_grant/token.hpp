#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "auth/principal.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "db/result.hpp"
#include "vault/service.hpp"
#include "vault/workspace_key.hpp"
#include "vault_keys/workspace_key.hpp"

namespace vault_grant {

/// A service's tokens as the database holds them: sealed.
struct Token {
    using Time = base::Clock::time_point;

    std::int64_t version = 0;  ///< counts the tokens; 0: there never was one
    std::string access;        ///< sealed; empty: none
    std::string refresh;       ///< sealed; empty: none
    std::string wrapped_key;   ///< of the key pair that opens both
    std::optional<Time> issued_at;
    std::optional<Time> expires_at;  ///< of the access token; nothing when the provider did not say
    std::optional<Time> refresh_at;  ///< when to get the next one; nothing when that cannot be done
    std::string state = "active";    ///< active, degraded, needs_reconnect, misconfigured or revoked
    std::string reason;              ///< why it is in this state, for people
    std::optional<Time> since;
    std::optional<Time> claim_until;  ///< somebody renews it now
    std::optional<Time> retry_at;     ///< no attempt before this

    /// Whether the access token may be used for a request that begins now.
    bool is_usable(Time now) const { return !access.empty() && (!expires_at || now < *expires_at - margin); }
    bool is_due(Time now) const { return refresh_at && *refresh_at <= now; }
    /// Whether an attempt to renew it may be made at all.
    bool is_renewable() const { return state != "needs_reconnect" && state != "revoked"; }

    static constexpr std::chrono::seconds margin{5};
};

/// The columns that token_of reads, from vault.open_token(...) t.
#define VAULT_TOKEN_COLUMNS                                                                   \
    "t.version, t.access, t.refresh, t.wrapped_key, extract(epoch FROM t.issued_at), "        \
    "extract(epoch FROM t.expires_at), extract(epoch FROM t.refresh_at), t.state, t.reason, " \
    "extract(epoch FROM t.since), extract(epoch FROM t.claim_until), extract(epoch FROM t.retry_at)"

/// Nothing when the columns, from `first` on, are those of no token.
std::optional<Token> token_of(const db::Row& row, int first);

enum class Part { access, refresh };

/// Opens one of the two; an empty secret when it is not there. Throws as vault_open::open_field.
base::Secret open_token(const vault_keys::KeyEncryption& key_encryption, const auth::WorkspaceId& workspace,
                        const vault::Service& service, const Token& token, Part part);

/// Seals one for its place in the row of this version.
std::string seal_token(const vault::SealingKey& key, const auth::WorkspaceId& workspace,
                       const vault::Service& service, std::int64_t version, Part part,
                       const base::Secret& value);

}  // namespace vault_grant
