#pragma once

#include <map>
#include <mutex>

#include "auth/principal.hpp"

namespace egress {

/// Bounds how many calls one workspace has under way in this process, so that one tenant's slow upstream
/// cannot take every thread.
class TenantLimit {
public:
    explicit TenantLimit(int limit) : limit_{limit} {}

    class Slot {
    public:
        Slot(TenantLimit& limit, const auth::WorkspaceId& workspace) : limit_{limit}, workspace_{workspace} {}
        Slot(const Slot&) = delete;
        Slot& operator=(const Slot&) = delete;
        ~Slot() { limit_.leave(workspace_); }

    private:
        TenantLimit& limit_;
        auth::WorkspaceId workspace_;
    };

    /// Throws base::Error (rate_limited, "too_many_calls").
    Slot enter(const auth::WorkspaceId& workspace);

private:
    void leave(const auth::WorkspaceId& workspace);

    int limit_;
    std::mutex mutex_;
    std::map<auth::WorkspaceId, int> running_;
};

}  // namespace egress
