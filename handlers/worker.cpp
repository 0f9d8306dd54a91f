/// Background jobs from PostgreSQL: deletes what has outlived its use, has queued mail delivered, tokens
/// renewed and credentials revoked when it is time.
///
/// Exposure  none
/// Identity  OS user and database role gatehouse_worker
/// Can       delete expired rows, find what is due, ask egress to do it
/// Cannot    read what they say, open a secret or an outbound connection

#include <csignal>
#include <ctime>

#include "base/config.hpp"
#include "base/log.hpp"
#include "db/database.hpp"
#include "egress_client/due.hpp"
#include "fastcgi/confine.hpp"
#include "postman/postman.hpp"
#include "retention/retention.hpp"

namespace {

constexpr timespec period{5, 0};
constexpr std::chrono::seconds retention_period{60};

sigset_t stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

template <class Job>
void run(const char* failure, Job job) {
    try {
        job();
    } catch (const std::exception& error) {
        base::log(base::Severity::warning, failure, {{"detail", error.what()}});
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
    db::Autocommit session{database, {}};
    egress_client::Egress egress{config.internal_socket};
    auto next_retention = std::chrono::steady_clock::now();
    do {
        run("due_credentials_failed", [&] { egress_client::attend_to_due_credentials(session, egress); });
        if (std::chrono::steady_clock::now() < next_retention) continue;
        run("retention_failed", [&] { retention::delete_expired(session); });
        next_retention = std::chrono::steady_clock::now() + retention_period;
    } while (sigtimedwait(&signals, nullptr, &period) < 0);
}
