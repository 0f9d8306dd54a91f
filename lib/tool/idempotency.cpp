#include "tool/idempotency.hpp"

#include <mutex>
#include <set>

#include "base/error.hpp"
#include "tool/runner.hpp"

namespace tool {
namespace {

[[noreturn]] void refuse(const char* code, const char* message) {
    throw base::Error{base::Reason::conflict, code, message};
}

/// What this process runs now. A live process alone does not tell that a call still runs in it.
struct Calls {
    std::mutex mutex;
    std::multiset<std::string> names;
};

Calls& calls() {
    static Calls calls;
    return calls;
}

}  // namespace

RunningCall::RunningCall(const IdempotencyKey& key)
    : name_{key.credential.text() + '/' + key.tool + '/' + key.key.text()} {
    const std::lock_guard lock{calls().mutex};
    is_second_ = calls().names.contains(name_);
    calls().names.insert(name_);
}

RunningCall::~RunningCall() {
    const std::lock_guard lock{calls().mutex};
    calls().names.erase(calls().names.find(name_));
}

std::optional<json> claim(db::Session& session, const IdempotencyKey& key, const RunningCall& running) {
    static constexpr db::Statement insert{"tool.claim_idempotency", R"sql(
        WITH claimed AS (
            INSERT INTO tool.idempotency (workspace_id, credential_id, tool, key, arguments_sha256, runner)
            VALUES (workspace.current_id(), $1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING
            RETURNING true
        )
        SELECT EXISTS (SELECT FROM claimed), first.arguments_sha256 = $4, first.result, first.runner,
               first.started_at > now() - interval '5 minutes'
          FROM (SELECT) AS always
          LEFT JOIN tool.idempotency AS first
            ON first.workspace_id = workspace.current_id()
           AND (first.credential_id, first.tool, first.key) = ($1, $2, $3)
    )sql"};
    const auto result = session.query(insert, key.credential, key.tool, key.key,
                                      db::Bytes{key.arguments_digest}, this_runner());
    const auto row = result.front();
    if (row.boolean(0)) return std::nullopt;
    if (row.is_null(1))
        refuse("idempotency_in_progress", "a call with this idempotency_key is still running");
    if (!row.boolean(1)) {
        refuse("idempotency_conflict", "this idempotency_key was used before with other arguments");
    }
    if (!row.is_null(2)) return json::parse(row.text(2));
    const auto runner = row.string(3);
    const bool still_runs =
        runner == this_runner() ? running.is_second() : row.boolean(4) && is_running(runner, row.boolean(4));
    if (still_runs) {
        refuse("idempotency_in_progress",
               "a call with this idempotency_key is still running; ask again shortly");
    }
    refuse("outcome_unknown",
           "an earlier call with this idempotency_key was interrupted and may have taken effect; it is not "
           "run again");
}

void settle(db::Session& session, const IdempotencyKey& key, const json& result) {
    static constexpr db::Statement update{"tool.settle_idempotency", R"sql(
        UPDATE tool.idempotency
           SET result = $4
         WHERE workspace_id = workspace.current_id() AND credential_id = $1 AND tool = $2 AND key = $3
    )sql"};
    session.query(update, key.credential, key.tool, key.key, result.dump());
}

void release(db::Session& session, const IdempotencyKey& key) {
    static constexpr db::Statement remove{"tool.release_idempotency", R"sql(
        DELETE FROM tool.idempotency
         WHERE workspace_id = workspace.current_id() AND credential_id = $1 AND tool = $2 AND key = $3
           AND result IS NULL
    )sql"};
    session.query(remove, key.credential, key.tool, key.key);
}

void abandon(db::Session& session, const IdempotencyKey& key) {
    static constexpr db::Statement update{"tool.abandon_idempotency", R"sql(
        UPDATE tool.idempotency
           SET runner = ''
         WHERE workspace_id = workspace.current_id() AND credential_id = $1 AND tool = $2 AND key = $3
    )sql"};
    session.query(update, key.credential, key.tool, key.key);
}

}  // namespace tool
