#pragma once

#include <optional>
#include <string>

#include "auth/principal.hpp"
#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "db/session.hpp"
#include "vault/service.hpp"

namespace crypto {
class TokenSealer;
}

namespace vault {

/// An attempt to connect a service to a user's account at its provider (RFC 6749 section 4.1): begun by an
/// administrator, finished once by whoever opens its page within ten minutes.
struct ConnectionAttempt {
    auth::WorkspaceId workspace;
    ServiceId service;
    base::Uuid id;
    std::string workspace_slug;  ///< for the page
    base::Clock::time_point expires_at;
};

/// Where a connection's page is, and until when.
struct ConnectionStart {
    std::string url;
    base::Clock::time_point expires_at;
};

inline constexpr const char* connection_ticket_purpose = "connection ticket";

/// Records an attempt and makes the URL of its page. `sealer` is of connection_ticket_purpose, under the
/// vault's key: only egress and the operator can make a ticket. `created_by`: nothing for the operator.
ConnectionStart start_connection(db::Session& session, const crypto::TokenSealer& sealer,
                                 const std::string& public_url, ConnectionAttempt attempt,
                                 const std::optional<base::Uuid>& created_by);

/// Throws base::Error (invalid_input, "connection_invalid") for a ticket that is not ours, or (forbidden,
/// "connection_expired").
ConnectionAttempt read_ticket(const crypto::TokenSealer& sealer, const std::string& ticket);

/// Throws base::Error (invalid_input, "not_connectable") unless a user connects services of this method.
void require_connectable(const AuthMethod& method);

}  // namespace vault
