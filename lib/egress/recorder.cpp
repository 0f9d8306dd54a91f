#include "egress/recorder.hpp"

#include "base/log.hpp"

namespace egress {
namespace {

constexpr std::chrono::milliseconds gathering{200};

void write_one(db::Database& database, const auth::WorkspaceId& workspace, const vault::ServiceId& service,
               std::int64_t version, const vault::LastCall& fact) {
    static constexpr db::Statement upsert{"egress.note_last_call", R"sql(
        INSERT INTO vault.last_call AS l (workspace_id, service_id, status, valid, source, checked_at, rate_limits,
                                          retry_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (workspace_id, service_id)
            DO UPDATE SET status = excluded.status, valid = excluded.valid, source = excluded.source,
                          checked_at = excluded.checked_at, rate_limits = excluded.rate_limits,
                          retry_at = excluded.retry_at, version = excluded.version
                    WHERE (coalesce(l.version, 0), l.checked_at) <= (excluded.version, excluded.checked_at)
    )sql"};
    db::Autocommit session{database, db::Scope{workspace.uuid()}};
    session.query(upsert, workspace, service, fact.status, fact.valid, fact.source,
                  base::rfc3339_of(fact.checked_at), fact.rate_limits, base::rfc3339_of(fact.retry_at),
                  version);
}

}  // namespace

Recorder::Recorder(db::Database& database, Leases& leases)
    : database_{database}, leases_{leases}, thread_{[this] { work(); }} {}

Recorder::~Recorder() {
    {
        const std::lock_guard lock{mutex_};
        is_stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

template <class Change>
void Recorder::change(const auth::WorkspaceId& workspace, const vault::ServiceId& service, Change change) {
    const std::lock_guard lock{mutex_};
    const bool is_first = facts_.empty();
    change(facts_[{workspace, service}]);
    if (is_first) changed_.notify_one();
}

void Recorder::note(const auth::WorkspaceId& workspace, const vault::Service& service, vault::LastCall fact) {
    change(workspace, service.id, [&](Told& told) {
        if (told.version > service.version) return;
        told.version = service.version;
        told.fact = std::move(fact);
    });
}

void Recorder::note(const Agent& agent, const std::vector<BudgetLimit>& limits) {
    if (limits.empty()) return;
    change(agent.workspace, agent.service, [&](Told& told) {
        for (const auto& limit : limits) told.settlements[agent.bucket].take(limit);
    });
}

void Recorder::settle(const Agent& agent, bool was_sent) {
    change(agent.workspace, agent.service, [&](Told& told) {
        auto& settlement = told.settlements[agent.bucket];
        ++settlement.ended;
        settlement.sent += was_sent ? 1 : 0;
    });
}

void Recorder::give_back_leases(Leases::Time now) {
    for (const auto& [agent, calls] : leases_.reclaim(now)) {
        change(agent.workspace, agent.service, [&, &agent = agent, calls = calls](Told& told) {
            auto& settlement = told.settlements[agent.bucket];
            settlement.ended += calls;
            settlement.unused[agent.credential.uuid().text()] += calls;
        });
    }
}

/// Until there is something to write, and then some time longer, because more will follow.
void Recorder::wait(std::unique_lock<std::mutex>& lock) {
    const auto has_work = [&] { return is_stopping_ || !facts_.empty(); };
    if (leases_.empty())
        changed_.wait(lock, has_work);
    else
        changed_.wait_for(lock, gathering, has_work);
    changed_.wait_for(lock, gathering, [&] { return is_stopping_; });
}

void Recorder::work() {
    for (bool is_last = false; !is_last;) {
        {
            std::unique_lock lock{mutex_};
            wait(lock);
            is_last = is_stopping_;
        }
        give_back_leases(is_last ? Leases::Time::max() : std::chrono::steady_clock::now());
        std::unique_lock lock{mutex_};
        const auto facts = std::exchange(facts_, {});
        lock.unlock();
        write(facts);
    }
}

void Recorder::write(const Facts& facts) {
    for (const auto& [key, told] : facts) {
        try {
            for (const auto& [bucket, settlement] : told.settlements)
                settle_budgets(database_, key.first, key.second, bucket, settlement);
            if (told.fact) write_one(database_, key.first, key.second, told.version, *told.fact);
        } catch (const std::exception& error) {
            base::log(base::Severity::warning, "last_call_not_recorded",
                      {{"service", key.second.text()}, {"error", error.what()}});
        }
    }
}

}  // namespace egress
