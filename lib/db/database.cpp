#include "db/database.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "base/error.hpp"
#include "base/wait.hpp"
#include "db/connection.hpp"

namespace db {
namespace {

constexpr auto longest_wait = std::chrono::seconds{5};

/// The server ends a session that is idle for a minute, also that of a process which has nothing to do.
/// Before that the connection is not lent any more: a statement never meets its end.
constexpr auto longest_idle = std::chrono::seconds{50};
constexpr const char* end_when_idle = " -c idle_session_timeout=60s";

/// Without the quote that ends the options.
std::string conninfo_of(const base::Config::Database& config, const std::string& role) {
    return "host='" + config.host + "' port=" + std::to_string(config.port) + " dbname='" + config.name +
           "' user='" + role + "' application_name='" + role +
           "' connect_timeout=3 options='-c statement_timeout=10s -c lock_timeout=5s -c "
           "idle_in_transaction_session_timeout=15s";
}

}  // namespace

// Whoever waits longest is served next: a connection goes from hand to hand, never past a waiter.
struct Database::Pool {
    struct Waiter {
        std::condition_variable served;
        bool is_served = false;
    };

    struct Idle {
        std::unique_ptr<Connection> connection;
        std::chrono::steady_clock::time_point since;
    };

    /// The one that was used last; `stale` takes those that are to be closed, outside the lock.
    std::unique_ptr<Connection> take_idle(std::vector<Idle>& stale) {
        const auto oldest = std::chrono::steady_clock::now() - longest_idle;
        const auto fresh =
            std::find_if(idle.begin(), idle.end(), [&](const auto& it) { return it.since >= oldest; });
        stale.assign(std::make_move_iterator(idle.begin()), std::make_move_iterator(fresh));
        idle.erase(idle.begin(), fresh);
        if (idle.empty()) return nullptr;
        auto connection = std::move(idle.back().connection);
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
        const base::Wait wait;
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
    std::vector<Idle> idle;  ///< in the order in which they were given back
    int lendable;
};

Database::Database(const base::Config::Database& config, std::string role)
    : conninfo_{conninfo_of(config, role)}, pool_{std::make_unique<Pool>()} {
    pool_->lendable = config.pool;
}

Database::~Database() = default;

Database::Lease Database::lease() {
    std::unique_ptr<Connection> connection;
    std::vector<Pool::Idle> stale;
    {
        std::unique_lock lock{pool_->mutex};
        if (!pool_->wait_for_turn(lock)) {
            throw base::Error{base::Reason::unavailable, "database_unavailable",
                              "the database is overloaded"};
        }
        connection = pool_->take_idle(stale);
    }
    try {
        if (!connection || !connection->is_usable())
            connection = std::make_unique<Connection>(conninfo_ + end_when_idle + '\'');
    } catch (...) {
        give_back(nullptr);
        throw;
    }
    return Lease{*this, std::move(connection)};
}

std::unique_ptr<Connection> Database::connect() const {
    return std::make_unique<Connection>(conninfo_ + '\'');
}

void Database::give_back(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock{pool_->mutex};
    if (connection) pool_->idle.push_back({std::move(connection), std::chrono::steady_clock::now()});
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
