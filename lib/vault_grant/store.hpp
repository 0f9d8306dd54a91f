#pragma once

#include <optional>
#include <string>

#include "base/uuid.hpp"
#include "db/database.hpp"
#include "vault/workspace_key.hpp"
#include "vault_grant/answer.hpp"
#include "vault_grant/holder.hpp"

namespace vault_grant {

/// The right to renew one service's tokens, for 45 s: of any number of processes on any hosts, one has it.
struct Claim {
    base::Uuid owner;
    std::int64_t version = 0;  ///< of the tokens it was taken on
    bool interrupted = false;  ///< the last one was given up unfinished: the refresh token may be used up
    vault::SealingKey key;     ///< what the new tokens are sealed with
};

enum class Why { due, refused };

/// Nothing when somebody else has it, the tokens are no longer of this version, it is too early for another
/// attempt, or there is no hope. `refused`: an upstream refused the token, though it is not over: at most
/// once a minute. One round trip, committed when it returns.
/// Throws base::Error (unavailable, "vault_not_ready") when the workspace has no key pair.
std::optional<Claim> claim(db::Database& database, const Holder& holder, std::int64_t version, Why why);

/// Stores the new tokens, sealed, and gives the claim up. False when the claim was no longer ours. Tries
/// again while the database is away and the claim lasts: the old refresh token may be worth nothing by now.
/// `kept_refresh`: what goes on when the provider gave no new one.
bool commit(db::Database& database, const Holder& holder, const Claim& claim, const Grantee& grantee,
            const base::Secret& kept_refresh);

/// Notes why there are no new tokens, and gives the claim up.
void record(db::Database& database, const Holder& holder, const Claim& claim, const Failure& failure);

/// Stores the tokens of a new connection over whatever there is.
void replace(db::Database& database, const Holder& holder, const Grantee& grantee);

}  // namespace vault_grant
