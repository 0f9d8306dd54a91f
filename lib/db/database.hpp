#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/config.hpp"
#include "db/session.hpp"

namespace db {

class Connection;

/// A process's connections to PostgreSQL: at most config.pool of them, made when first needed, replaced when
/// lost, closed when nobody needed them for a minute. A connection is lent for one statement or one
/// transaction; never hold one while waiting for the network. Safe from any thread.
class Database {
public:
    /// `role`: whom to log in as, such as gatehouse_mcp. Does not connect.
    Database(const base::Config::Database& config, std::string role);
    ~Database();

    class Lease {
    public:
        Lease(Database& database, std::unique_ptr<Connection> connection);
        Lease(Lease&&) noexcept;
        ~Lease();
        Connection& operator*() const { return *connection_; }
        Connection* operator->() const { return connection_.get(); }

    private:
        Database& database_;
        std::unique_ptr<Connection> connection_;
    };

    /// Waits up to 5 s for a free connection, then throws base::Error (unavailable, "database_unavailable").
    Lease lease();

    /// A connection outside the pool, for LISTEN.
    std::unique_ptr<Connection> connect() const;

private:
    struct Pool;
    void give_back(std::unique_ptr<Connection> connection);

    std::string conninfo_;
    std::unique_ptr<Pool> pool_;
};

/// Each statement is a transaction of its own in ONE round trip: the scope and the statement travel together,
/// and the server commits both at the synchronisation point behind them. When query() returns, it is
/// committed.
class Autocommit : public Session {
public:
    Autocommit(Database& database, Scope scope) : database_{database}, scope_{scope} {}
    Result execute(const Statement& statement, std::span<const Parameter> parameters) override;

private:
    Database& database_;
    Scope scope_;
};

/// Several statements, all or nothing. Rolls back unless commit() is reached. The first statement carries
/// BEGIN and the scope, so n statements cost n + 1 round trips. Holds a connection from the first statement
/// to the end.
class Transaction : public Session {
public:
    Transaction(Database& database, Scope scope);
    ~Transaction() override;
    Result execute(const Statement& statement, std::span<const Parameter> parameters) override;
    /// Throws ConnectionLost when the outcome is unknown.
    void commit();

private:
    Database& database_;
    Scope scope_;
    std::unique_ptr<Database::Lease> lease_;
};

}  // namespace db
