#include "egress/tenant_limit.hpp"

#include "base/error.hpp"

namespace egress {

TenantLimit::Slot TenantLimit::enter(const auth::WorkspaceId& workspace) {
    const std::lock_guard lock{mutex_};
    auto& running = running_[workspace];
    if (running >= limit_) {
        throw base::Error{base::Reason::rate_limited, "too_many_calls",
                          "too many calls of this workspace are under way; try again when some have ended"};
    }
    ++running;
    return {*this, workspace};
}

void TenantLimit::leave(const auth::WorkspaceId& workspace) {
    const std::lock_guard lock{mutex_};
    const auto found = running_.find(workspace);
    if (--found->second == 0) running_.erase(found);
}

}  // namespace egress
