#include "egress/leases.hpp"

namespace egress {

Leases::Lease Leases::take(const Agent& agent, Time now) {
    const std::lock_guard lock{mutex_};
    const auto found = held_.find(agent);
    if (found == held_.end()) return {};
    auto& [lease, until] = found->second;
    if (lease.calls == 0 || until <= now) return {};
    --lease.calls;
    return {1, lease.is_counted};
}

void Leases::add(const Agent& agent, Lease lease, Time until) {
    if (lease.calls <= 0) return;
    const std::lock_guard lock{mutex_};
    auto& held = held_[agent];
    if (held.lease.is_counted && !lease.is_counted) return;
    if (!held.lease.is_counted) held.lease.calls = 0;
    held.lease.calls += lease.calls;
    held.lease.is_counted = lease.is_counted;
    held.until = until;
}

void Leases::end(const auth::WorkspaceId& workspace, const vault::ServiceId& service) {
    const std::lock_guard lock{mutex_};
    for (auto& [agent, held] : held_) {
        if (agent.workspace == workspace && agent.service == service) held.until = Time::min();
    }
}

std::vector<Leases::Unused> Leases::reclaim(Time now) {
    const std::lock_guard lock{mutex_};
    std::vector<Unused> unused;
    std::erase_if(held_, [&](const auto& entry) {
        const auto& [agent, held] = entry;
        if (now < held.until) return false;
        if (held.lease.is_counted && held.lease.calls > 0) unused.push_back({agent, held.lease.calls});
        return true;
    });
    return unused;
}

bool Leases::empty() const {
    const std::lock_guard lock{mutex_};
    return held_.empty();
}

}  // namespace egress
