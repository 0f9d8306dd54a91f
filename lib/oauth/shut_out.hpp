#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "db/session.hpp"
#include "oauth/client.hpp"

namespace oauth {

/// A client that members of a workspace have let in, or that the workspace keeps out.
struct ConnectedClient {
    std::string client_id;
    std::string name;
    ClientOrigin origin = ClientOrigin::dynamic;
    std::int64_t members = 0;  ///< how many have let it in
    std::optional<base::Clock::time_point> last_let_in_at;
    std::optional<base::Clock::time_point> shut_out_at;
};

/// Those of the session's workspace, the newest first, at most 1,000.
std::vector<ConnectedClient> list_connected_clients(db::Session& session);

/// Ends all that members of the session's workspace let the client do there, at once; none of them can let it
/// in again until let_in_client. Throws base::Error (not_found, "client_not_found"), as does the next one for
/// a client that is not shut out.
void shut_out_client(db::Session& session, const std::string& client_id);
void let_in_client(db::Session& session, const std::string& client_id);

}  // namespace oauth
