#pragma once

#include <optional>
#include <vector>

#include "auth/principal.hpp"
#include "db/database.hpp"
#include "vault/connector.hpp"
#include "vault/service.hpp"
#include "vault_grant/token.hpp"
#include "vault_open/open.hpp"

namespace vault_grant {

/// A service with its credential at hand, still sealed.
struct Holder {
    auth::WorkspaceId workspace;
    vault::Service service;
    std::vector<vault_open::SealedField> fields;
    const vault::AuthMethod* method = nullptr;

    vault::Secrets open_secrets(const vault_keys::KeyEncryption& key_encryption) const {
        return vault_open::open_fields(key_encryption, workspace, service, fields);
    }
    /// `text` with the service's settings filled in.
    std::string filled(const std::string& text) const;
    std::string filled(const std::optional<std::string>& text) const { return text ? filled(*text) : ""; }
    /// The same for a URL: a setting inside it is percent-encoded, a setting that is all of it is not.
    std::string filled_url(const std::string& text) const;
};

/// The service, in whatever state it is: for what no caller asked for. Nothing when it is gone or its
/// connector is.
std::optional<Holder> find_holder(db::Database& database, const vault::ConnectorCatalog& connectors,
                                  const auth::WorkspaceId& workspace, const vault::ServiceId& service);

/// Its tokens as they are now; an empty Token when there never were any.
Token read_token(db::Database& database, const auth::WorkspaceId& workspace, const vault::ServiceId& service);

}  // namespace vault_grant
