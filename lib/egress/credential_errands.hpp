#pragma once

#include "base/config.hpp"
#include "egress_client/credential_errands.hpp"
#include "vault_grant/connecting.hpp"
#include "vault_grant/tokens.hpp"

namespace egress {

/// POST /egress/credentials: what no caller's credential stands behind. None of it gives anything of a secret
/// away: tokens are renewed and credentials revoked when the database says it is time, and a connection is
/// made for who holds a ticket or a state that was sealed here.
class CredentialErrands {
public:
    struct Means {
        db::Database& database;
        const vault_keys::KeyEncryption& key_encryption;
        const vault::ConnectorCatalog& connectors;
        http_client::Client& client;
        vault_grant::Tokens& tokens;
    };

    CredentialErrands(const Means& means, const base::Config& config);

    /// The operation's result. Throws base::Error as egress_client/egress.hpp lists.
    egress_client::json perform(const egress_client::CredentialErrand& errand);

    vault_grant::Connecting& connecting() noexcept { return connecting_; }

private:
    void renew(const egress_client::HeldService& held);
    void revoke(const egress_client::HeldService& held);
    egress_client::ConnectionView look_at(const std::string& ticket);

    Means means_;
    vault_grant::Connecting connecting_;
};

}  // namespace egress
