#pragma once

#include <string_view>

#include "base/secret.hpp"
#include "vault/seal.hpp"
#include "vault_keys/workspace_key.hpp"

namespace vault_open {

/// Opens what vault::seal_field sealed, with the wrapped private half of the key pair that its blob names.
/// Linked by egress alone.
///
/// Throws base::Error (internal): "sealed_value_unusable" when the value was sealed for another place, was
/// changed, or where it may be sent was changed; "vault_key_mismatch" as KeyEncryption::unwrap.
base::Secret open_field(const vault_keys::KeyEncryption& key_encryption, std::string_view wrapped_private_key,
                        const vault::FieldPlace& place, std::string_view sealed);

}  // namespace vault_open
