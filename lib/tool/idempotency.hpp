#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/uuid.hpp"
#include "db/session.hpp"

namespace tool {

using json = nlohmann::json;

/// Names one write so that it runs at most once (kept for 24 hours).
struct IdempotencyKey {
    base::Uuid credential;
    std::string tool;
    base::Uuid key;
    std::string arguments_digest;  ///< 32 raw bytes; keyed where they hold a secret
};

/// Says in this process that a call with the key runs, for as long as it lives.
class RunningCall {
public:
    explicit RunningCall(const IdempotencyKey& key);
    ~RunningCall();
    RunningCall(const RunningCall&) = delete;
    RunningCall& operator=(const RunningCall&) = delete;

    /// Whether another one of this process had the key when this one began.
    bool is_second() const noexcept { return is_second_; }

private:
    std::string name_;
    bool is_second_;
};

/// Claims the key for this process. Nothing: the claim is ours, run the call. A value: the first result.
/// Throws base::Error (conflict): "idempotency_conflict" (the key was used with other arguments),
/// "idempotency_in_progress" (the first call still runs), "outcome_unknown" (nothing runs it any more and the
/// side effect may have happened; never run it again).
std::optional<json> claim(db::Session& session, const IdempotencyKey& key, const RunningCall& running);

/// Keeps the first result.
void settle(db::Session& session, const IdempotencyKey& key, const json& result);

/// Gives the claim up: the call was refused before it could change anything.
void release(db::Session& session, const IdempotencyKey& key);

/// Marks the call as one whose outcome nobody knows.
void abandon(db::Session& session, const IdempotencyKey& key);

}  // namespace tool
