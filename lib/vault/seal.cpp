#include "vault/seal.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "crypto/aead.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/x25519.hpp"
#include "schema/json.hpp"

namespace vault {

namespace sealed_format {

std::string additional_data(const FieldPlace& place) {
    std::string data = "v1|" + place.workspace.text() + '|' + place.service.text() + '|';
    data.append(place.field);
    return data + '|' + std::to_string(place.version) + '|' + crypto::hex_of(place.use_digest);
}

base::Secret derive_keys(const base::Secret& agreed, std::string_view header) {
    return crypto::hkdf_sha256(agreed.reveal(), header, "gatehouse sealed field v1", 64);
}

}  // namespace sealed_format

std::string use_digest_of(const std::string& connector, const std::string& auth_method,
                          const std::vector<std::string>& origins,
                          const std::map<std::string, std::string>& settings) {
    const schema::json use{
        {"connector", connector}, {"auth_method", auth_method}, {"origins", origins}, {"settings", settings}};
    return crypto::sha256(schema::canonical(use));
}

std::string seal_field(const SealingKey& key, const FieldPlace& place, const base::Secret& value) {
    const auto ephemeral = crypto::create_x25519_keys();
    const auto agreed = crypto::x25519_agree(ephemeral.private_key.reveal(), key.public_key);
    if (!agreed)
        throw base::Error{base::Reason::internal, "internal_error", "the workspace's public key is unusable"};
    std::string sealed(1, sealed_format::version);
    for (const auto byte : key.id.bytes()) sealed += static_cast<char>(byte);
    sealed += ephemeral.public_key;

    const auto keys = sealed_format::derive_keys(*agreed, sealed);
    const auto additional = sealed_format::additional_data(place);
    const auto body = crypto::aead_seal(keys.reveal().substr(0, 32), value.reveal(), additional);
    sealed += crypto::hmac_sha256(keys.reveal().substr(32), additional + body);
    return sealed + body;
}

}  // namespace vault
