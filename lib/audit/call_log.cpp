#include "audit/call_log.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "crypto/encoding.hpp"

namespace audit {
namespace {

using json = nlohmann::json;

constexpr std::chrono::milliseconds period{500};
constexpr std::size_t most_waiting = 50'000;

json row_of(const CallRecord& record) {
    return json{
        {"id", base::Uuid::create().text()},
        {"at", base::rfc3339_of(record.at)},
        {"credential_id", record.credential.uuid().text()},
        {"user_id", record.user.uuid().text()},
        {"channel", record.channel},
        {"tool", record.tool},
        {"outcome", record.outcome},
        {"arguments_sha256", "\\x" + crypto::hex_of(record.arguments_sha256)},
        {"result_sha256", "\\x" + crypto::hex_of(record.result_sha256)},
        {"duration_us", record.duration_us},
    };
}

void insert(db::Database& database, const auth::WorkspaceId& workspace, const json& rows) {
    static constexpr db::Statement statement{"audit.insert_calls", R"sql(
        INSERT INTO audit.call (workspace_id, id, at, credential_id, user_id, channel, tool, outcome,
                                arguments_sha256, result_sha256, duration_us)
        SELECT $1, id, at, credential_id, user_id, channel, tool, outcome, arguments_sha256, result_sha256, duration_us
          FROM jsonb_to_recordset($2) AS r(id uuid, at timestamptz, credential_id uuid, user_id uuid, channel text,
                                           tool text, outcome text, arguments_sha256 bytea, result_sha256 bytea,
                                           duration_us bigint)
    )sql"};
    db::Autocommit session{database, {workspace.uuid()}};
    session.query(statement, workspace, rows.dump());
}

}  // namespace

CallLog::CallLog(db::Database& database) : database_{database}, thread_{[this] { write_periodically(); }} {}

CallLog::~CallLog() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    stop_requested_.notify_one();
    thread_.join();
}

void CallLog::record(const CallRecord& record) {
    insert(database_, record.workspace, json::array({row_of(record)}));
}

void CallLog::record_later(CallRecord record) {
    const std::lock_guard lock{mutex_};
    if (waiting_.size() < most_waiting) waiting_.push_back(std::move(record));
}

void CallLog::write_periodically() {
    bool last = false;
    while (!last) {
        std::vector<CallRecord> records;
        {
            std::unique_lock lock{mutex_};
            last = stop_requested_.wait_for(lock, period, [this] { return stopping_; });
            records.swap(waiting_);
        }
        write(std::move(records));
    }
}

void CallLog::write(std::vector<CallRecord> records) {
    std::map<auth::WorkspaceId, json> rows;
    for (const auto& record : records) {
        rows.try_emplace(record.workspace, json::array()).first->second.push_back(row_of(record));
    }
    for (const auto& [workspace, batch] : rows) {
        try {
            insert(database_, workspace, batch);
        } catch (const std::exception& error) {
            base::log(base::Severity::error, "audit_records_lost",
                      {{"count", std::to_string(batch.size())}, {"detail", error.what()}});
        }
    }
}

}  // namespace audit
