#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "db/session.hpp"

namespace vault {

/// Something that an administrator should look at.
struct Alert {
    base::Clock::time_point at;
    std::string kind;
    std::string service_name;
    std::string credential;  ///< public id of the API key or grant that called
    std::string detail;
};

/// Newest first, at most `most`. Needs a session in the scope of the workspace.
std::vector<Alert> list_alerts(db::Session& session, int most);

}  // namespace vault
