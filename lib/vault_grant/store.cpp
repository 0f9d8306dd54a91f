#include "vault_grant/store.hpp"

#include <algorithm>
#include <random>
#include <thread>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/wait.hpp"

namespace vault_grant {
namespace {

using Time = base::Clock::time_point;
using Text = std::optional<std::string>;

constexpr std::chrono::seconds claim_time{45};
constexpr std::chrono::minutes longest_margin{5};

double random_between(double least, double most) {
    thread_local std::mt19937_64 generator{std::random_device{}()};
    return std::uniform_real_distribution{least, most}(generator);
}

/// Before the token ends, by a fifth of its life or five minutes, not all at the same moment.
std::optional<Time> refresh_time(const std::optional<Time>& expires_at, Time now, bool can_refresh) {
    if (!expires_at || !can_refresh) return std::nullopt;
    const std::chrono::duration<double> margin =
        std::min<std::chrono::duration<double>>(longest_margin, (*expires_at - now) / 5.0);
    return *expires_at - std::chrono::duration_cast<Time::duration>(margin * random_between(0.8, 1.0));
}

Time next_attempt(const Failure& failure, int failures, Time now) {
    const double seconds = std::min(300.0, std::ldexp(1.0, std::min(failures, 9))) * random_between(0.8, 1.2);
    const auto backed_off =
        now + std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>{seconds});
    if (failure.kind == Failure::Kind::misconfigured) return now + std::chrono::minutes{10};
    return failure.retry_at ? std::max(*failure.retry_at, backed_off) : backed_off;
}

const char* state_after(Failure::Kind kind) {
    switch (kind) {
        case Failure::Kind::transient:
            return "degraded";
        case Failure::Kind::lost:
            return "needs_reconnect";
        case Failure::Kind::misconfigured:
            return "misconfigured";
    }
    return "";
}

vault::SealingKey require_key(db::Session& session) {
    if (auto key = vault::find_sealing_key(session)) return *std::move(key);
    throw base::Error{base::Reason::unavailable, "vault_not_ready",
                      "this workspace has no key pair yet; the operator can make it"};
}

/// What a row says of new tokens.
struct Sealed {
    std::string access;
    std::string refresh;
    Text expires_at;
    Text refresh_at;
};

Sealed seal(const Holder& holder, const vault::SealingKey& key, std::int64_t version, const Grantee& grantee,
            const base::Secret& kept_refresh) {
    const auto& refresh = grantee.refresh.empty() ? kept_refresh : grantee.refresh;
    const bool can_refresh =
        !refresh.empty() || holder.method->grant->type != vault::GrantType::authorization_code;
    Sealed sealed;
    sealed.access = seal_token(key, holder.workspace, holder.service, version, Part::access, grantee.access);
    if (!refresh.empty())
        sealed.refresh = seal_token(key, holder.workspace, holder.service, version, Part::refresh, refresh);
    sealed.expires_at = base::rfc3339_of(grantee.expires_at);
    sealed.refresh_at = base::rfc3339_of(refresh_time(grantee.expires_at, base::Clock::now(), can_refresh));
    return sealed;
}

}  // namespace

std::optional<Claim> claim(db::Database& database, const Holder& holder, std::int64_t version, Why why) {
    static constexpr db::Statement take{"vault_grant.claim", R"sql(
        INSERT INTO vault.token AS t (workspace_id, service_id, claim_owner, claim_until, call_started_at)
        SELECT $1, $2, $3, now() + $5::interval, now() WHERE $4::bigint = 0
            ON CONFLICT (workspace_id, service_id) DO UPDATE
           SET claim_owner = excluded.claim_owner, claim_until = excluded.claim_until,
               call_started_at = excluded.call_started_at, interrupted = t.call_started_at IS NOT NULL
         WHERE t.version = $4 AND (t.claim_until IS NULL OR t.claim_until < now())
           AND (t.retry_at IS NULL OR t.retry_at <= now()) AND t.state NOT IN ('needs_reconnect', 'revoked')
     RETURNING interrupted
    )sql"};
    static constexpr db::Statement take_existing{"vault_grant.claim_existing", R"sql(
        UPDATE vault.token t
           SET claim_owner = $3, claim_until = now() + $5::interval, call_started_at = now(),
               interrupted = t.call_started_at IS NOT NULL,
               forced_at = CASE WHEN $6 THEN now() ELSE forced_at END
         WHERE t.workspace_id = $1 AND t.service_id = $2
           AND t.version = $4 AND (t.claim_until IS NULL OR t.claim_until < now())
           AND (t.retry_at IS NULL OR t.retry_at <= now()) AND t.state NOT IN ('needs_reconnect', 'revoked')
           AND (NOT $6 OR t.forced_at IS NULL OR t.forced_at < now() - interval '1 minute')
     RETURNING interrupted
    )sql"};
    db::Autocommit session{database, db::Scope{holder.workspace.uuid()}};
    Claim mine{
        .owner = base::Uuid::create(), .version = version, .interrupted = {}, .key = require_key(session)};
    const auto seconds = std::to_string(claim_time.count()) + " seconds";
    const auto taken =
        version == 0 ? session.query(take, holder.workspace, holder.service.id, mine.owner, version, seconds)
                     : session.query(take_existing, holder.workspace, holder.service.id, mine.owner, version,
                                     seconds, why == Why::refused);
    if (taken.empty()) return std::nullopt;
    mine.interrupted = taken.front().boolean(0);
    return mine;
}

bool commit(db::Database& database, const Holder& holder, const Claim& claim, const Grantee& grantee,
            const base::Secret& kept_refresh) {
    static constexpr db::Statement store{"vault_grant.commit", R"sql(
        UPDATE vault.token
           SET version = version + 1, key_id = $5, access = $6, refresh = $7, issued_at = now(),
               expires_at = $8, refresh_at = $9, state = 'active', reason = '',
               since = CASE WHEN state = 'active' THEN since ELSE now() END, claim_owner = NULL,
               claim_until = NULL, call_started_at = NULL, interrupted = false, retry_at = NULL,
               fail_count = 0
         WHERE workspace_id = $1 AND service_id = $2 AND version = $3 AND claim_owner = $4
     RETURNING version
    )sql"};
    const auto sealed = seal(holder, claim.key, claim.version + 1, grantee, kept_refresh);
    const auto refresh = sealed.refresh.empty() ? std::nullopt : std::optional{db::Bytes{sealed.refresh}};
    const auto give_up_at = std::chrono::steady_clock::now() + claim_time / 2;
    for (;;) {
        try {
            db::Autocommit session{database, db::Scope{holder.workspace.uuid()}};
            return !session
                        .query(store, holder.workspace, holder.service.id, claim.version, claim.owner,
                               claim.key.id, db::Bytes{sealed.access}, refresh, sealed.expires_at,
                               sealed.refresh_at)
                        .empty();
        } catch (const db::StatementError&) {
            throw;
        } catch (const std::exception& error) {
            if (std::chrono::steady_clock::now() > give_up_at) throw;
            base::log(base::Severity::warning, "token_commit_retried",
                      {{"service", holder.service.id.text()}, {"detail", error.what()}});
            const base::Wait wait;
            std::this_thread::sleep_for(std::chrono::milliseconds{250});
        }
    }
}

void record(db::Database& database, const Holder& holder, const Claim& claim, const Failure& failure) {
    static constexpr db::Statement count{"vault_grant.fail_count", R"sql(
        SELECT fail_count FROM vault.token WHERE workspace_id = $1 AND service_id = $2
    )sql"};
    static constexpr db::Statement store{"vault_grant.record_failure", R"sql(
        UPDATE vault.token
           SET state = $5, reason = $6, since = CASE WHEN state = $5 THEN since ELSE now() END,
               retry_at = $7, fail_count = fail_count + 1, claim_owner = NULL, claim_until = NULL,
               call_started_at = NULL, interrupted = false
         WHERE workspace_id = $1 AND service_id = $2 AND version = $3 AND claim_owner = $4
    )sql"};
    db::Autocommit session{database, db::Scope{holder.workspace.uuid()}};
    const auto counted = session.query(count, holder.workspace, holder.service.id);
    const auto failures = counted.empty() ? 0 : static_cast<int>(counted.front().integer(0));
    const auto retry_at = base::rfc3339_of(next_attempt(failure, failures, base::Clock::now()));
    session.query(store, holder.workspace, holder.service.id, claim.version, claim.owner,
                  state_after(failure.kind), failure.reason, retry_at);
    base::log(base::Severity::warning, "token_not_renewed",
              {{"service", holder.service.id.text()},
               {"state", state_after(failure.kind)},
               {"reason", failure.reason}});
}

void replace(db::Database& database, const Holder& holder, const Grantee& grantee) {
    static constexpr db::Statement next{"vault_grant.next_version", R"sql(
        INSERT INTO vault.token AS t (workspace_id, service_id) VALUES ($1, $2)
            ON CONFLICT (workspace_id, service_id) DO UPDATE SET version = t.version
     RETURNING version
    )sql"};
    static constexpr db::Statement store{"vault_grant.replace", R"sql(
        UPDATE vault.token
           SET version = version + 1, key_id = $4, access = $5, refresh = $6, issued_at = now(),
               expires_at = $7, refresh_at = $8, state = 'active', reason = '', since = now(),
               claim_owner = NULL, claim_until = NULL, call_started_at = NULL, interrupted = false,
               retry_at = NULL, fail_count = 0
         WHERE workspace_id = $1 AND service_id = $2 AND version = $3
     RETURNING version
    )sql"};
    db::Autocommit session{database, db::Scope{holder.workspace.uuid()}};
    const auto key = require_key(session);
    for (int round = 0; round < 10; ++round) {
        const auto version = session.query(next, holder.workspace, holder.service.id).front().integer(0);
        const auto sealed = seal(holder, key, version + 1, grantee, {});
        const auto refresh = sealed.refresh.empty() ? std::nullopt : std::optional{db::Bytes{sealed.refresh}};
        if (!session
                 .query(store, holder.workspace, holder.service.id, version, key.id, db::Bytes{sealed.access},
                        refresh, sealed.expires_at, sealed.refresh_at)
                 .empty())
            return;
    }
    throw base::Error{base::Reason::conflict, "service_changed", "the tokens changed at the same time"};
}

}  // namespace vault_grant
