#pragma once

#include <set>
#include <string>
#include <vector>

#include "egress/opened_service.hpp"
#include "http_client/message.hpp"
#include "vault/connector.hpp"
#include "vault_keys/workspace_key.hpp"

namespace egress {

/// Which parts of a request belong to the credential, so that no caller may set them.
struct ReservedParts {
    std::set<std::string> fields;      ///< header names in lower case
    std::set<std::string> parameters;  ///< of query and body, in lower case, decoded
    std::set<std::string> members;     ///< those of the parameters that are put into the body
};

/// Of every way in which the connector's service can be authenticated to, not only the one that is used: a
/// caller that brought a credential of their own would act for another account. Needs no secret.
ReservedParts reserved_parts(const vault::Connector& connector, const vault::Service& service);

/// A credential in the clear, ready to be put into one request.
struct Credential {
    std::vector<http_client::Field> fields;
    base::Secret query;                                         ///< name=value pairs, encoded
    std::vector<std::pair<std::string, base::Secret>> members;  ///< of the body
    vault::Secrets secrets;                                     ///< what it is made of
    std::vector<base::Secret> rendered;  ///< forms in which it is sent that differ from the secrets
};

/// Opens every field of the service. Throws base::Error as vault_open::open_field.
vault::Secrets open_secrets(const vault_keys::KeyEncryption& key_encryption, const Caller& caller,
                            const OpenedService& opened);

/// Fills the method's templates with the secrets.
/// Throws base::Error (internal, "sealed_value_unusable") when the connector asks for a field that was not
/// stored.
Credential render_credential(const vault::AuthMethod& method, const vault::Service& service,
                             vault::Secrets secrets);

}  // namespace egress
