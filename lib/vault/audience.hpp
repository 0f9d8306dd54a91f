#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/principal.hpp"
#include "db/database.hpp"
#include "vault/policy.hpp"

namespace vault {

/// Which services are shown to a caller: those that the caller may use, and to administrators all. What may
/// be used is decided by egress (decision.hpp), by the same ids.
class Audience {
public:
    /// Both must outlive it.
    Audience(db::Session& session, const auth::Principal& caller) : session_{session}, caller_{caller} {}

    /// Asks the database at most once, and only where a policy names agents.
    bool may_see(const Policy& policy);

private:
    const std::vector<std::string>& ids();

    db::Session& session_;
    const auth::Principal& caller_;
    std::optional<std::vector<std::string>> ids_;
};

}  // namespace vault
