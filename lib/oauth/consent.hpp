#pragma once

#include <optional>
#include <string>
#include <vector>

#include "account/session.hpp"
#include "base/secret.hpp"
#include "oauth/authorization_request.hpp"

namespace oauth {

/// A workspace of the person who is asked.
struct WorkspaceChoice {
    auth::WorkspaceId id;
    std::string slug;
    std::string name;
    std::string role;
    bool mcp_enabled = false;
    bool suspended = false;
    bool shut_out = false;  ///< its administrators keep the client out

    bool is_open() const noexcept { return mcp_enabled && !suspended && !shut_out; }
    bool is_administered() const noexcept { return role == "owner" || role == "admin"; }
};

/// Those that the request leaves to choose from: all for /mcp, the one that is named for /v1/{workspace}, the
/// client's own when it belongs to one.
std::vector<WorkspaceChoice> workspaces_for(db::Session& session, const auth::UserId& user,
                                            const AuthorizationRequest& request);

/// How far it is proven who the client is.
enum class Proof {
    by_operator,       ///< the operator registered it
    by_administrator,  ///< administrators of the one workspace that it may be let into registered it
    by_host,           ///< its metadata document lies at a host, and the answer goes to a web server
    by_host_only,      ///< its metadata document lies at a host, but any program on the computer could use it
    none               ///< it registered itself and says what it likes
};
Proof proof_of(const Client& client, const std::string& redirect_uri);

/// Whether an earlier consent may stand in for a new one (OAuth 2.1 section 7.3.1): never for programs whose
/// identity is not proven.
bool may_skip_consent(const Client& client, const std::string& redirect_uri);

/// Digest of what identified the client to the person: another one means asking again.
std::string identity_sha256_of(const Client& client);

/// What a person agreed to, for a request.
struct Consent {
    auth::WorkspaceId workspace;
    auth::Scopes scopes;
};

/// Earlier consents of the person to this client and resource, as long as it is still who it was.
std::vector<Consent> find_consents(db::Session& session, const auth::UserId& user,
                                   const AuthorizationRequest& request);

/// Before anything is read that a grant to the client is to rest on: nobody shuts it out until the
/// transaction ends, and whoever does so afterwards takes the grant away too.
void hold_client(db::Session& transaction, const Client& client);

/// Records the consent, makes the grant and its code (RFC 6749 section 4.1.2): 60 seconds, single use, and
/// good while that login lasts. The session must be a transaction that holds the client.
base::Secret issue_code(db::Session& session, const account::LoginSession& login,
                        const AuthorizationRequest& request, const Consent& consent);

}  // namespace oauth
