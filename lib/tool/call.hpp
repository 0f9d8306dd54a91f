#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "auth/principal.hpp"
#include "db/database.hpp"

namespace egress_client {
class Egress;
}
namespace audit {
class CallLog;
}
namespace vault {
class ConnectorCatalog;
}

namespace tool {

using json = nlohmann::json;

class DecoyWatch;

/// The client's side of a running call, as its protocol allows it. All functions may be called from the
/// tool's thread only; what the client did not ask for or cannot take is dropped.
class Peer {
public:
    virtual ~Peer() = default;
    virtual void progress(double progress, std::optional<double> total, const std::string& message) = 0;
    /// `level` as RFC 5424 names it in lower case, such as "info".
    virtual void log(const std::string& level, const std::string& logger, const json& data) = 0;
    /// The client cancelled or went away: stop early, the result will not be read.
    virtual bool is_cancelled() = 0;
    /// Whether the client declared that it answers this kind of input request: "elicitation", "sampling",
    /// "roots".
    virtual bool can_answer(const std::string& kind) const = 0;
    /// Ends the connection of this call on purpose; the client fetches the result later where its revision
    /// allows resuming (2025-11-25), otherwise nothing happens.
    virtual void close_connection() {}
};

class AnswerCache;
class ArgumentDigest;

/// What a process gives its tools.
struct Environment {
    db::Database& database;
    audit::CallLog& call_log;
    egress_client::Egress* egress = nullptr;              ///< null in executables that cannot reach egress
    const vault::ConnectorCatalog* connectors = nullptr;  ///< null in executables that know no services
    AnswerCache* answers = nullptr;                       ///< null in executables that keep no answers
    const ArgumentDigest* digest = nullptr;  ///< null in executables whose tools take no secret arguments
    DecoyWatch* decoys = nullptr;            ///< null in executables that watch for none
};

/// One call of one tool: who calls, and what the tool may use.
class Call {
public:
    Call(const auth::Principal& principal, Environment environment, Peer& peer)
        : principal_{principal},
          environment_{environment},
          peer_{peer},
          session_{environment.database, db::Scope{principal.workspace.uuid()}} {}

    const auth::Principal& principal() const noexcept { return principal_; }
    /// Statements run here see the caller's workspace alone, each in a transaction of its own.
    db::Session& db() noexcept { return session_; }
    db::Database& database() noexcept { return environment_.database; }
    egress_client::Egress& egress() const { return *environment_.egress; }
    const vault::ConnectorCatalog& connectors() const { return *environment_.connectors; }
    AnswerCache* answers() const noexcept { return environment_.answers; }
    const ArgumentDigest* digest() const noexcept { return environment_.digest; }
    DecoyWatch* decoys() const noexcept { return environment_.decoys; }
    audit::CallLog& call_log() const noexcept { return environment_.call_log; }
    Peer& peer() noexcept { return peer_; }
    /// The answer depends on who calls: it is not kept for others.
    void mark_personal() noexcept { is_personal_ = true; }
    bool is_personal() const noexcept { return is_personal_; }
    /// This call changes nothing, though others of its tool do: its line in the audit log may follow the
    /// answer.
    void mark_safe() noexcept { is_safe_ = true; }
    bool is_safe() const noexcept { return is_safe_; }

    /// The client's answers to an earlier InputRequired, by key; null in the first round.
    json input_responses = nullptr;
    /// The state of that earlier InputRequired; empty in the first round.
    std::string state;

private:
    const auth::Principal& principal_;
    Environment environment_;
    Peer& peer_;
    db::Autocommit session_;
    bool is_personal_ = false;
    bool is_safe_ = false;
};

}  // namespace tool
