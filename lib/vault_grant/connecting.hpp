#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "db/database.hpp"
#include "http_client/client.hpp"
#include "vault/connection.hpp"
#include "vault_grant/holder.hpp"

namespace crypto {
class TokenSealer;
}

namespace vault_grant {

/// What the page before the provider's shows.
struct ConnectionView {
    std::string service_name;
    std::string connector;  ///< its title
    std::string workspace;  ///< slug
    std::string host;       ///< of the provider's authorization endpoint
};

/// Where the browser goes, and the cookie that ties it to what comes back.
struct Departure {
    std::string url;
    std::string cookie;
};

/// What came back to /connect/callback (RFC 6749 section 4.1.2, RFC 9207).
struct Arrival {
    std::string state;
    std::string code;
    std::string error;
    std::string issuer;
    std::string cookie;
};

/// The browser's side of connecting a service. The state is sealed, holds the PKCE verifier, is bound to the
/// attempt and to the browser that left, and works once. Safe from any thread.
class Connecting {
public:
    Connecting(db::Database& database, const vault_keys::KeyEncryption& key_encryption,
               const vault::ConnectorCatalog& connectors, http_client::Client& client,
               const std::filesystem::path& key_file, std::string public_url);
    ~Connecting();

    vault::ConnectionStart start(vault::ConnectionAttempt attempt, const base::Uuid& created_by);
    /// Throws base::Error as vault::read_ticket; not_found "service_not_found".
    ConnectionView look_at(const std::string& ticket);
    Departure depart(const std::string& ticket);
    /// Exchanges the code and stores the tokens. The result is the service's name.
    /// Throws base::Error: invalid_input "connection_invalid" (not our state, or another browser's);
    /// forbidden "connection_expired", "connection_used", "connection_denied" (the user's or the provider's
    /// no), "connection_failed" (the provider gave no tokens); upstream_failed.
    std::string arrive(const Arrival& arrival);

private:
    Holder holder_of(const vault::ConnectionAttempt& attempt);
    void take(const vault::ConnectionAttempt& attempt);
    void end(const vault::ConnectionAttempt& attempt, const std::string& outcome);
    void exchange(const Holder& holder, const std::string& code, base::Secret verifier);
    std::string redirect_uri() const { return public_url_ + "/connect/callback"; }

    db::Database& database_;
    const vault_keys::KeyEncryption& key_encryption_;
    const vault::ConnectorCatalog& connectors_;
    http_client::Client& client_;
    std::unique_ptr<crypto::TokenSealer> tickets_;
    std::unique_ptr<crypto::TokenSealer> states_;
    std::string public_url_;
};

}  // namespace vault_grant
