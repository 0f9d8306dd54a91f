#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "vault/seal.hpp"
#include "vault/service.hpp"
#include "vault_keys/workspace_key.hpp"

namespace vault_open {

/// Opens what vault::seal_field sealed, with the wrapped private half of the key pair that its blob names.
/// Linked by egress alone.
///
/// Throws base::Error (internal): "sealed_value_unusable" when the value was sealed for another place, was
/// changed, or where it may be sent was changed; "vault_key_mismatch" as KeyEncryption::unwrap.
base::Secret open_field(const vault_keys::KeyEncryption& key_encryption, std::string_view wrapped_private_key,
                        const vault::FieldPlace& place, std::string_view sealed);

/// One value as the database holds it.
struct SealedField {
    std::string name;
    std::string sealed;
    std::string wrapped_private_key;
};

/// Opens a service's fields, each at the service's version. Throws as open_field.
vault::Secrets open_fields(const vault_keys::KeyEncryption& key_encryption,
                           const auth::WorkspaceId& workspace, const vault::Service& service,
                           const std::vector<SealedField>& fields);

}  // namespace vault_open
