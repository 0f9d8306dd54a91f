/// Background jobs from PostgreSQL: deletes what has outlived its use, has queued mail delivered.
///
/// Exposure  none
/// Identity  OS user and database role gatehouse_worker
/// Can       delete expired rows, tell egress which mail is due
/// Cannot    read what they say, open an outbound connection

#include <csignal>
#include <ctime>

#include "base/config.hpp"
#include "base/log.hpp"
#include "db/database.hpp"
#include "fastcgi/confine.hpp"
#include "postman/postman.hpp"
#include "retention/retention.hpp"

namespace {

constexpr timespec period{60, 0};

sigset_t stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

void work(db::Database& database) {
    try {
        db::Autocommit session{database, {}};
        retention::delete_expired(session);
    } catch (const std::exception& error) {
        base::log(base::Severity::warning, "retention_failed", {{"detail", error.what()}});
    }
}

}  // namespace

int main() {
    base::set_log_name("worker");
    fastcgi::confine(/*needs_network=*/false);
    const auto signals = stop_signals();
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    const auto config = base::Config::load();
    db::Database database{config.database, "gatehouse_worker"};
    const postman::Postman postman{database, config.internal_socket};
    do {
        work(database);
    } while (sigtimedwait(&signals, nullptr, &period) < 0);
}
