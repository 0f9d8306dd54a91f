#include "audit/call_log.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "audit/call_rows.hpp"
#include "base/log.hpp"

namespace audit {
namespace {

constexpr std::chrono::milliseconds period{500};
constexpr std::chrono::milliseconds gathering{10};
constexpr std::size_t batch_size = 500;
constexpr std::size_t most_waiting = 50'000;

void report_loss(std::size_t count, const char* reason) {
    base::log(base::Severity::error, "audit_records_lost",
              {{"count", std::to_string(count)}, {"detail", reason}});
}

/// Whether the database will never take it: bad data (22), a broken rule (23), no right (42).
bool is_refusal(const std::exception& error) {
    const auto* refused = dynamic_cast<const db::StatementError*>(&error);
    if (refused == nullptr) return false;
    const auto type = refused->sqlstate().substr(0, 2);
    return type == "22" || type == "23" || type == "42";
}

}  // namespace

CallLog::CallLog(db::Database& database) : database_{database}, thread_{[this] { write_periodically(); }} {}

CallLog::~CallLog() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void CallLog::record(const CallRecord& record) {
    CallRows rows;
    rows.add(record);
    rows.insert(database_, record.workspace, CallRows::Attempt::first);
}

void CallLog::record_later(CallRecord record) { enqueue(std::move(record), false); }

void CallLog::record_soon(CallRecord record) { enqueue(std::move(record), true); }

void CallLog::enqueue(CallRecord record, bool is_urgent) {
    std::unique_lock lock{mutex_};
    if (waiting_.size() >= most_waiting) {
        ++dropped_;
        return;
    }
    waiting_.push_back(std::move(record));
    const bool was_urgent = std::exchange(is_urgent_, is_urgent_ || is_urgent);
    const bool wakes = waiting_.size() == batch_size || (is_urgent && !was_urgent);
    lock.unlock();
    if (wakes) wake_.notify_one();
}

void CallLog::write_periodically() {
    for (bool last = false; !last;) {
        std::vector<CallRecord> records;
        std::size_t dropped = 0;
        {
            std::unique_lock lock{mutex_};
            const auto is_full = [this] {
                return stopping_ || (waiting_.size() >= batch_size && !is_failing_);
            };
            wake_.wait_for(lock, period, [&] { return is_full() || (is_urgent_ && !is_failing_); });
            if (is_urgent_) wake_.wait_for(lock, gathering, is_full);
            last = stopping_;
            records.swap(waiting_);
            is_urgent_ = false;
            dropped = std::exchange(dropped_, 0);
        }
        if (dropped > 0) report_loss(dropped, "too many records waited for the database");
        auto unwritten = write(std::move(records));
        if (last && !unwritten.empty())
            report_loss(unwritten.size(), "the process ended while the database was away");
        if (!last) wait_again(std::move(unwritten));
    }
}

std::vector<CallRecord> CallLog::write(std::vector<CallRecord> records) {
    std::map<auth::WorkspaceId, std::vector<CallRecord>> by_workspace;
    for (auto& record : records) by_workspace[record.workspace].push_back(std::move(record));
    std::vector<CallRecord> unwritten;
    for (auto& [workspace, batch] : by_workspace) {
        try {
            insert(workspace, batch);
        } catch (const std::exception& error) {
            if (is_refusal(error)) {
                report_loss(batch.size(), error.what());
                continue;
            }
            base::log(base::Severity::warning, "audit_records_wait", {{"detail", error.what()}});
            std::move(batch.begin(), batch.end(), std::back_inserter(unwritten));
        }
    }
    return unwritten;
}

void CallLog::insert(const auth::WorkspaceId& workspace, const std::vector<CallRecord>& records) {
    for (std::size_t first = 0; first < records.size(); first += batch_size) {
        const auto end = std::min(first + batch_size, records.size());
        const auto attempt = is_failing_ ? CallRows::Attempt::repeated : CallRows::Attempt::first;
        CallRows rows;
        for (std::size_t i = first; i < end; ++i) rows.add(records[i]);
        rows.insert(database_, workspace, attempt);
    }
}

void CallLog::wait_again(std::vector<CallRecord> records) {
    const std::lock_guard lock{mutex_};
    is_failing_ = !records.empty();
    const auto room = most_waiting - std::min(most_waiting, waiting_.size());
    if (records.size() > room) {
        dropped_ += records.size() - room;
        records.erase(records.begin(), records.end() - static_cast<std::ptrdiff_t>(room));
    }
    waiting_.insert(waiting_.begin(), std::make_move_iterator(records.begin()),
                    std::make_move_iterator(records.end()));
}

}  // namespace audit
