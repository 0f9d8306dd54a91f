#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "audit/call_record.hpp"
#include "db/database.hpp"

namespace audit {

/// The audit log of tool calls, as a process writes it.
class CallLog {
public:
    explicit CallLog(db::Database& database);
    /// Writes what is still waiting.
    ~CallLog();

    /// Committed when this returns: for calls that changed something.
    void record(const CallRecord& record);
    /// Written within half a second, many at once: for calls that only read. When the database cannot be
    /// reached records wait; beyond a bound some are dropped, and the loss is logged.
    void record_later(CallRecord record);
    /// As record_later, but within some 10 ms: for calls that used a secret and changed nothing.
    void record_soon(CallRecord record);

private:
    void enqueue(CallRecord record, bool is_urgent);
    void write_periodically();
    /// Returns what the database could not take now.
    std::vector<CallRecord> write(std::vector<CallRecord> records);
    void insert(const auth::WorkspaceId& workspace, const std::vector<CallRecord>& records);
    void wait_again(std::vector<CallRecord> records);

    db::Database& database_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<CallRecord> waiting_;
    std::size_t dropped_ = 0;
    bool is_urgent_ = false;
    bool is_failing_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace audit
