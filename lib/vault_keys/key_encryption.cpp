#include "base/error.hpp"
#include "crypto/aead.hpp"
#include "crypto/digest.hpp"
#include "crypto/key_file.hpp"
#include "vault_keys/workspace_key.hpp"

namespace vault_keys {
namespace {

constexpr char format = 1;
constexpr std::size_t id_size = 8;
constexpr std::size_t header_size = 1 + id_size;

std::string additional_data(const auth::WorkspaceId& workspace, const base::Uuid& pair) {
    return "gatehouse workspace key v1|" + workspace.text() + '|' + pair.text();
}

}  // namespace

KeyEncryption::KeyEncryption(const std::filesystem::path& file) {
    for (const auto& secret : crypto::read_key_file(file)) {
        auto key =
            crypto::hkdf_sha256(secret.reveal(), "", "gatehouse key encryption v1", crypto::aead_key_size);
        auto id = crypto::hmac_sha256(key.reveal(), "key id").substr(0, id_size);
        keys_.push_back({std::move(id), std::move(key)});
    }
}

std::string KeyEncryption::wrap(const auth::WorkspaceId& workspace, const base::Uuid& pair,
                                const base::Secret& private_key) const {
    const auto& key = keys_.front();
    return format + key.id +
           crypto::aead_seal(key.bytes.reveal(), private_key.reveal(), additional_data(workspace, pair));
}

base::Secret KeyEncryption::unwrap(const auth::WorkspaceId& workspace, const base::Uuid& pair,
                                   std::string_view wrapped) const {
    if (wrapped.size() > header_size && wrapped.front() == format) {
        for (const auto& key : keys_) {
            if (key.id != wrapped.substr(1, id_size)) continue;
            auto opened = crypto::aead_open(key.bytes.reveal(), wrapped.substr(header_size),
                                            additional_data(workspace, pair));
            if (opened) return *std::move(opened);
        }
    }
    throw base::Error{base::Reason::internal, "vault_key_mismatch",
                      "the vault's key does not fit this workspace; the operator must restore it"};
}

}  // namespace vault_keys
