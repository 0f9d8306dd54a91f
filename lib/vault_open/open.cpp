#include "vault_open/open.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "crypto/aead.hpp"
#include "crypto/compare.hpp"
#include "crypto/digest.hpp"

namespace vault_open {
namespace {

namespace format = vault::sealed_format;

[[noreturn]] void refuse(const vault::FieldPlace& place) {
    throw base::Error{base::Reason::internal, "sealed_value_unusable",
                      "the stored credential does not belong to this service as it stands; store it anew",
                      "field of " + place.service.text()};
}

base::Uuid key_id_of(std::string_view sealed) {
    base::Uuid::Bytes bytes;
    std::copy_n(sealed.begin() + format::key_id_at, bytes.size(), bytes.begin());
    return base::Uuid{bytes};
}

}  // namespace

base::Secret open_field(const vault_keys::KeyEncryption& key_encryption, std::string_view wrapped_private_key,
                        const vault::FieldPlace& place, std::string_view sealed) {
    if (sealed.size() < format::body_at || sealed.front() != format::version) refuse(place);
    const auto ephemeral = sealed.substr(format::ephemeral_at, 32);
    const auto commitment = sealed.substr(format::commitment_at, 32);
    const auto body = sealed.substr(format::body_at);

    const auto agreed =
        key_encryption.agree(place.workspace, key_id_of(sealed), wrapped_private_key, ephemeral);
    if (!agreed) refuse(place);
    const auto keys = format::derive_keys(*agreed, sealed.substr(0, format::commitment_at));
    const auto additional = format::additional_data(place);
    const auto expected = crypto::hmac_sha256(keys.reveal().substr(32), std::string{additional}.append(body));
    if (!crypto::equal_in_constant_time(expected, commitment)) refuse(place);
    auto opened = crypto::aead_open(keys.reveal().substr(0, 32), body, additional);
    if (!opened) refuse(place);
    return *std::move(opened);
}

vault::Secrets open_fields(const vault_keys::KeyEncryption& key_encryption,
                           const auth::WorkspaceId& workspace, const vault::Service& service,
                           const std::vector<SealedField>& fields) {
    const auto use =
        vault::use_digest_of(service.connector, service.auth_method, service.origins, service.settings);
    vault::Secrets secrets;
    for (const auto& field : fields) {
        const vault::FieldPlace place{workspace, service.id, field.name, service.version, use};
        secrets.emplace(field.name,
                        open_field(key_encryption, field.wrapped_private_key, place, field.sealed));
    }
    return secrets;
}

}  // namespace vault_open
