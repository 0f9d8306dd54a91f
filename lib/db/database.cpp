#include "db/database.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "base/error.hpp"
#include "db/connection.hpp"

namespace db {
namespace {

constexpr auto longest_wait = std::chrono::seconds{5};

std::string conninfo_of(const base::Config::Database& config, const std::string& role) {
    return "host='" + config.host + "' port=" + std::to_string(config.port) + " dbname='" + config.name +
           "' user='" + role + "' application_name='" + role +
           "' connect_timeout=3 options='-c statement_timeout=10s -c "
           "idle_in_transaction_session_timeout=15s'";
}

}  // namespace

// Whoever waits longest is served next: a connection goes from hand to hand, never past a waiter.
struct Database::Pool {
    struct Waiter {
        std::condition_variable served;
        bool is_served = false;
    };

    std::unique_ptr<Connection> take_idle() {
        if (idle.empty()) return nullptr;
        auto connection = std::move(idle.back());
        idle.pop_back();
        return connection;
    }

    bool wait_for_turn(std::unique_lock<std::mutex>& lock) {
        if (lendable > 0) {
            --lendable;
            return true;
        }
        Waiter waiter;
        waiting.push_back(&waiter);
        if (waiter.served.wait_for(lock, longest_wait, [&] { return waiter.is_served; })) return true;
        std::erase(waiting, &waiter);
        return false;
    }

    void pass_turn() {
        if (waiting.empty()) {
            ++lendable;
            return;
        }
        waiting.front()->is_served = true;
        waiting.front()->served.notify_one();
        waiting.pop_front();
    }

    std::mutex mutex;
    std::deque<Waiter*> waiting;
    std::vector<std::unique_ptr<Connection>> idle;
    int lendable;
};

Database::Database(const base::Config::Database& config, std::string role)
    : conninfo_{conninfo_of(config, role)}, pool_{std::make_unique<Pool>()} {
    pool_->lendable = config.pool;
}

Database::~Database() = default;

Database::Lease Database::lease() {
    std::unique_ptr<Connection> connection;
    {
        std::unique_lock lock{pool_->mutex};
        if (!pool_->wait_for_turn(lock)) {
            throw base::Error{base::Reason::unavailable, "database_unavailable",
                              "the database is overloaded"};
        }
        connection = pool_->take_idle();
    }
    try {
        if (!connection || !connection->is_usable()) connection = connect();
    } catch (...) {
        give_back(nullptr);
        throw;
    }
    return Lease{*this, std::move(connection)};
}

std::unique_ptr<Connection> Database::connect() const { return std::make_unique<Connection>(conninfo_); }

void Database::give_back(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock{pool_->mutex};
    if (connection) pool_->idle.push_back(std::move(connection));
    pool_->pass_turn();
}

Database::Lease::Lease(Database& database, std::unique_ptr<Connection> connection)
    : database_{database}, connection_{std::move(connection)} {}

Database::Lease::Lease(Lease&&) noexcept = default;

Database::Lease::~Lease() {
    if (!connection_) return;
    if (!connection_->is_reusable()) connection_.reset();
    database_.give_back(std::move(connection_));
}

Result Autocommit::execute(const Statement& statement, std::span<const Parameter> parameters) {
    const auto lease = database_.lease();
    return lease->run(Connection::Begin::yes, scope_, statement, parameters, Connection::Commit::yes);
}

Transaction::Transaction(Database& database, Scope scope) : database_{database}, scope_{scope} {}

Transaction::~Transaction() {
    if (!lease_) return;
    try {
        (*lease_)->command("ROLLBACK");
    } catch (const std::exception&) {
        // The connection is gone and the server rolls back by itself.
    }
}

Result Transaction::execute(const Statement& statement, std::span<const Parameter> parameters) {
    const bool is_first = !lease_;
    if (is_first) lease_ = std::make_unique<Database::Lease>(database_.lease());
    return (*lease_)->run(is_first ? Connection::Begin::yes : Connection::Begin::no, scope_, statement,
                          parameters, Connection::Commit::no);
}

void Transaction::commit() {
    if (!lease_) return;
    (*lease_)->command("COMMIT");
    lease_.reset();
}

}  // namespace db
