#include "db/connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "base/wait.hpp"

namespace db {
namespace {

constexpr Statement begin{"db.begin", "BEGIN"};
constexpr Statement commit_work{"db.commit", "COMMIT"};
constexpr Statement set_scope{"db.set_scope", "SELECT set_config('gatehouse.workspace', $1, true)"};

[[noreturn]] void refuse_connection(pg_conn* connection) {
    const std::string detail = PQerrorMessage(connection);
    PQfinish(connection);
    throw base::Error{base::Reason::unavailable, "database_unavailable", "the database does not answer",
                      detail};
}

// PostgreSQL ends a text at its first NUL, and keeps no bytes that are not UTF-8.
void refuse_other_than_text(std::span<const Parameter> parameters) {
    for (const auto& parameter : parameters) {
        if (parameter.is_binary()) continue;
        if (parameter.text().find('\0') != std::string::npos)
            throw base::Error{base::Reason::invalid_input, "invalid_arguments",
                              "text must not hold a NUL character"};
        if (!base::is_utf8(parameter.text()))
            throw base::Error{base::Reason::invalid_input, "invalid_arguments", "text must be UTF-8"};
    }
}

std::string sqlstate_of(const pg_result* result) {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return state ? state : "";
}

/// The server said goodbye (57P01..57P03) or the connection broke without a word.
bool means_lost(const std::string& sqlstate) { return sqlstate.empty() || sqlstate.starts_with("57P"); }

/// A lock or the statement itself took too long: nothing was done, and trying again helps.
bool means_busy(const std::string& sqlstate) { return sqlstate == "55P03" || sqlstate == "57014"; }

[[noreturn]] void refuse(const StatementError& failure) {
    if (!means_busy(failure.sqlstate())) throw StatementError{failure};
    throw base::Error{base::Reason::unavailable, "database_busy", "the database is busy; try again",
                      failure.what()};
}

std::string message_of(const pg_result* result) {
    const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    return message ? message : PQresultErrorMessage(result);
}

PGconn* connect(const std::string& conninfo) {
    const base::Wait wait;
    return PQconnectdb(conninfo.c_str());
}

}  // namespace

Connection::Connection(const std::string& conninfo) : connection_{connect(conninfo)} {
    if (PQstatus(connection_) != CONNECTION_OK) refuse_connection(connection_);
    PQsetNoticeProcessor(
        connection_, [](void*, const char*) {}, nullptr);
}

Connection::~Connection() { PQfinish(connection_); }

void Connection::lost() { throw ConnectionLost{PQerrorMessage(connection_)}; }

void Connection::enqueue(bool sent, Step step) {
    if (!sent) lost();
    steps_.push_back(step);
}

void Connection::send_statement(const Statement& statement, std::span<const Parameter> parameters,
                                Step::Kind kind) {
    if (prepared_.insert(statement.name).second) {
        enqueue(PQsendPrepare(connection_, statement.name, statement.sql, 0, nullptr) == 1,
                {Step::Kind::prepare, &statement});
    }
    constexpr std::size_t most = 32;
    if (parameters.size() > most) throw std::logic_error{"a statement has too many parameters"};
    const char* values[most];
    int lengths[most];
    int formats[most];
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        values[i] = parameters[i].is_null() ? nullptr : parameters[i].text().c_str();
        lengths[i] = static_cast<int>(parameters[i].text().size());
        formats[i] = parameters[i].is_binary() ? 1 : 0;
    }
    const auto count = static_cast<int>(parameters.size());
    enqueue(PQsendQueryPrepared(connection_, statement.name, count, values, lengths, formats, 0) == 1,
            {kind, &statement});
}

void Connection::send_scope(const Scope& scope) {
    if (!scope.workspace) return;
    const Parameter workspace{*scope.workspace};
    send_statement(set_scope, {&workspace, 1}, Step::Kind::control);
}

Result Connection::run(Begin with_begin, const Scope& scope, const Statement& statement,
                       std::span<const Parameter> parameters, Commit with_commit) {
    refuse_other_than_text(parameters);
    // What lies between two synchronisation points is one transaction by itself: a whole one needs no BEGIN.
    const bool is_whole = with_begin == Begin::yes && with_commit == Commit::yes;
    if (PQenterPipelineMode(connection_) != 1) lost();
    steps_.clear();
    if (with_begin == Begin::yes && !is_whole) send_statement(begin, {}, Step::Kind::control);
    if (with_begin == Begin::yes) send_scope(scope);
    send_statement(statement, parameters, Step::Kind::wanted);
    if (with_commit == Commit::yes && !is_whole) send_statement(commit_work, {}, Step::Kind::control);
    if (PQpipelineSync(connection_) != 1) lost();
    return collect();
}

Result Connection::collect() {
    const base::Wait wait;
    Result wanted{nullptr};
    std::optional<StatementError> failure;
    for (const auto& step : steps_) {
        Result result = next_result();
        const auto status = PQresultStatus(result.raw());
        const bool failed = status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
        if (failed && !failure) failure.emplace(failure_of(*step.statement, result.raw()));
        if (step.kind == Step::Kind::prepare && status != PGRES_COMMAND_OK)
            prepared_.erase(step.statement->name);
        if (step.kind == Step::Kind::wanted) wanted = std::move(result);
        if (PQgetResult(connection_) != nullptr) throw std::logic_error{"a statement gave two results"};
    }
    const Result end = next_result();  // the synchronisation point, where a whole transaction is committed
    if (PQresultStatus(end.raw()) != PGRES_PIPELINE_SYNC) {
        refuse(failure ? *failure : failure_of(commit_work, end.raw()));
    }
    PQexitPipelineMode(connection_);
    if (failure) refuse(*failure);
    return wanted;
}

Result Connection::next_result() {
    Result result{PQgetResult(connection_)};
    if (!result.raw() || PQstatus(connection_) != CONNECTION_OK) lost();
    return result;
}

StatementError Connection::failure_of(const Statement& statement, const pg_result* result) {
    const auto state = sqlstate_of(result);
    if (means_lost(state)) lost();
    return StatementError{statement.name, state, message_of(result)};
}

void Connection::command(const std::string& sql) {
    const base::Wait wait;
    const Result result{PQexec(connection_, sql.c_str())};
    if (PQstatus(connection_) != CONNECTION_OK) lost();
    const auto status = PQresultStatus(result.raw());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return;
    throw failure_of(Statement{"command", ""}, result.raw());
}

bool Connection::is_usable() {
    pollfd descriptor{PQsocket(connection_), POLLIN, 0};
    if (::poll(&descriptor, 1, 0) > 0 && PQconsumeInput(connection_) != 1) return false;
    return is_reusable() && (descriptor.revents & (POLLHUP | POLLERR)) == 0;
}

bool Connection::is_reusable() const {
    return PQstatus(connection_) == CONNECTION_OK && PQtransactionStatus(connection_) == PQTRANS_IDLE &&
           PQpipelineStatus(connection_) == PQ_PIPELINE_OFF;
}

std::vector<Notification> Connection::wait(std::chrono::milliseconds time, int wake) {
    pollfd descriptors[2]{{PQsocket(connection_), POLLIN, 0}, {wake, POLLIN, 0}};
    if (::poll(descriptors, 2, static_cast<int>(time.count())) > 0 && PQconsumeInput(connection_) != 1)
        lost();
    std::vector<Notification> notifications;
    while (PGnotify* notify = PQnotifies(connection_)) {
        notifications.push_back({notify->relname, notify->extra});
        PQfreemem(notify);
    }
    if (PQstatus(connection_) != CONNECTION_OK) lost();
    return notifications;
}

}  // namespace db
