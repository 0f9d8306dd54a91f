#pragma once

#include <memory>

#include "db/notified_cache.hpp"
#include "egress/opened_service.hpp"

namespace egress {

/// Services as those who call them may use them, remembered for a second at most, so that most calls ask
/// PostgreSQL nothing. PostgreSQL tells at once when a credential was taken back, or a service, a secret or a
/// key changed; without its word nothing is remembered. Nor is a service whose token is renewed from time to
/// time. Holds sealed values alone. Safe from any thread.
class OpenedServices {
public:
    explicit OpenedServices(db::Database& database);

    using Shared = std::shared_ptr<const OpenedService>;
    /// As open_service for Need::write, and with its errors, which are never remembered.
    Shared open(const Caller& caller, const std::string& name);
    /// When this process knows of a change before PostgreSQL tells.
    void forget() { known_.forget_all(); }

private:
    db::Database& database_;
    db::NotifiedCache<Shared> known_;
};

}  // namespace egress
