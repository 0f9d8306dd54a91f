#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "db/session.hpp"

struct pg_conn;
struct pg_result;

namespace db {

struct Notification {
    std::string channel;
    std::string payload;
};

/// One connection. Statements are prepared when first run on it. Not safe from two threads at once.
class Connection {
public:
    explicit Connection(const std::string& conninfo);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    enum class Begin { no, yes };
    enum class Commit { no, yes };

    /// Sends the asked parts in one flush and waits for the statement's result.
    Result run(Begin begin, const Scope& scope, const Statement& statement,
               std::span<const Parameter> parameters, Commit commit);
    /// A command without parameters or rows: COMMIT, ROLLBACK, LISTEN name, or a migration's whole text.
    void command(const std::string& sql);

    /// Whether a connection that lay idle still works; if not, drop it. One cheap system call.
    bool is_usable();
    /// Whether it may be lent again: healthy and outside any transaction.
    bool is_reusable() const;

    /// Waits for notifications of the channels listened to; empty after the time has passed.
    /// `wake` is a further descriptor whose readability ends the wait; -1 for none.
    std::vector<Notification> wait(std::chrono::milliseconds time, int wake = -1);

private:
    struct Step {
        enum class Kind { prepare, control, wanted } kind;
        const Statement* statement;
    };

    void send_scope(const Scope& scope);
    void send_statement(const Statement& statement, std::span<const Parameter> parameters, Step::Kind kind);
    void enqueue(bool sent, Step step);
    Result collect();
    Result next_result();
    StatementError failure_of(const Statement& statement, const pg_result* result);
    [[noreturn]] void lost();

    pg_conn* connection_;
    std::unordered_set<std::string_view> prepared_;
    std::vector<Step> steps_;
};

}  // namespace db
