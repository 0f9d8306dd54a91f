#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "oauth/client.hpp"

namespace oauth {

/// What an operator or administrator says of a client.
struct NewClient {
    std::string name;
    std::vector<std::string> redirect_uris;  ///< exact; none for a client that acts by itself alone
    AuthMethod auth_method = AuthMethod::none;
    std::string jwks;  ///< JSON text, for private_key_jwt
    /// Not empty: it may also act by itself (client credentials) in the workspace, as a user of its own.
    std::vector<std::string> own_scopes;
    std::optional<auth::WorkspaceId> workspace;  ///< the only one that it may be let into
    Registrar registrar = Registrar::administrator;
};

struct CreatedClient {
    std::string client_id;
    base::Secret secret;  ///< empty for a client without one; shown once
};

struct ListedClient {
    std::string client_id;
    ClientOrigin origin = ClientOrigin::manual;
    Registrar registrar = Registrar::administrator;
    std::string name;
    std::vector<std::string> redirect_uris;
    std::vector<std::string> grant_types;
    AuthMethod auth_method = AuthMethod::none;
    std::vector<std::string> own_scopes;
    base::Clock::time_point created_at;
};

/// The session must be a transaction, in the scope of `workspace` when there is one.
/// Throws base::Error (invalid_input, "invalid_client_metadata", "invalid_redirect_uri" or "unknown_scope").
CreatedClient create_client(db::Session& session, const NewClient& request);

/// Every client, newest first, at most 1,000.
std::vector<ListedClient> list_clients(db::Session& session);
/// Those that administrators made for the workspace of the session.
std::vector<ListedClient> list_workspace_clients(db::Session& session);

/// A new secret; the former one is refused from now on. Throws base::Error (not_found, "client_not_found"),
/// also for a client without a secret, as does the next one.
base::Secret rotate_client_secret(db::Session& session, const std::string& client_id);
/// Its grants and their tokens are gone with it.
void delete_client(db::Session& session, const std::string& client_id);

}  // namespace oauth
