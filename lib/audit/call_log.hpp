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
    /// reached records wait; beyond a bound the oldest are dropped, and the loss is logged.
    void record_later(CallRecord record);

private:
    void write_periodically();
    void write(std::vector<CallRecord> records);

    db::Database& database_;
    std::mutex mutex_;
    std::condition_variable stop_requested_;
    std::vector<CallRecord> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace audit
