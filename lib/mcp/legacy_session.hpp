#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/principal.hpp"
#include "db/session.hpp"
#include "mcp/client.hpp"

namespace mcp {

struct Seals;

/// A session of the revisions that begin with `initialize`. Its id is a sealed text that holds all of it, so
/// that any process serves it and beginning one writes nothing. Bound to the principal on every use.
struct LegacySession {
    base::Uuid id;
    Client client;
};

/// The value of Mcp-Session-Id.
std::string seal_session(const Seals& seals, const auth::Principal& principal, const LegacySession& session);
/// Nothing when it is not ours, another principal's, or older than 30 days.
std::optional<LegacySession> open_session(const Seals& seals, const auth::Principal& principal,
                                          std::string_view text);

/// What a session cannot hold itself, because it changes. Most sessions have no row.
struct SessionState {
    bool is_ended = false;
    std::optional<LogLevel> log_level;
    std::optional<base::Uuid> listener;  ///< the one stream that tells the session of changes
};
SessionState state_of(db::Session& database, const LegacySession& session);
void set_log_level(db::Session& database, const LegacySession& session, LogLevel level);

/// Makes a stream the session's listener; the one before it ends, because each change is told on one stream.
void claim_listener(db::Session& database, const LegacySession& session, const base::Uuid& stream);

/// Ends the session for good; its open streams end too.
void end_session(db::Session& database, const LegacySession& session);
/// What a mailbox receives when the session ends, its listener or its subscriptions change.
std::string key_of_session(const LegacySession& session);

}  // namespace mcp
