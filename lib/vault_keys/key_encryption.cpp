#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "crypto/aead.hpp"
#include "crypto/digest.hpp"
#include "crypto/key_file.hpp"
#include "crypto/random.hpp"
#include "crypto/x25519.hpp"
#include "vault_keys/workspace_key.hpp"

namespace vault_keys {
namespace {

constexpr char format = 1;
constexpr std::size_t id_size = 8;
constexpr std::size_t header_size = 1 + id_size;

std::string additional_data(const auth::WorkspaceId& workspace, const base::Uuid& pair) {
    return "gatehouse workspace key v1|" + workspace.text() + '|' + pair.text();
}

base::Secret key_of(const base::Secret& secret) {
    return crypto::hkdf_sha256(secret.reveal(), "", "gatehouse key encryption v1", crypto::aead_key_size);
}

std::string id_of(const base::Secret& key) {
    return crypto::hmac_sha256(key.reveal(), "key id").substr(0, id_size);
}

}  // namespace

KeyEncryption::KeyEncryption(const std::filesystem::path& file) : file_{file}, keys_{read(file)} {}

KeyEncryption::Keys KeyEncryption::read(const std::filesystem::path& file) {
    auto keys = std::make_shared<std::vector<Key>>();
    for (const auto& secret : crypto::read_key_file(file)) {
        auto key = key_of(secret);
        auto id = id_of(key);
        keys->push_back({std::move(id), std::move(key)});
    }
    return keys;
}

KeyEncryption::Keys KeyEncryption::keys() const {
    const std::lock_guard lock{mutex_};
    return keys_;
}

KeyEncryption::Keys KeyEncryption::read_again() const {
    auto keys = read(file_);
    const std::lock_guard lock{mutex_};
    keys_ = keys;
    return keys;
}

std::string KeyEncryption::newest_mark() const { return format + keys()->front().id; }

std::string KeyEncryption::wrap(const auth::WorkspaceId& workspace, const base::Uuid& pair,
                                const base::Secret& private_key) const {
    const auto keys = this->keys();
    const auto& key = keys->front();
    return format + key.id +
           crypto::aead_seal(key.bytes.reveal(), private_key.reveal(), additional_data(workspace, pair));
}

base::Secret KeyEncryption::unwrap(const auth::WorkspaceId& workspace, const base::Uuid& pair,
                                   std::string_view wrapped) const {
    const auto with = [&](const Keys& keys) -> std::optional<base::Secret> {
        for (const auto& key : *keys) {
            if (key.id != wrapped.substr(1, id_size)) continue;
            return crypto::aead_open(key.bytes.reveal(), wrapped.substr(header_size),
                                     additional_data(workspace, pair));
        }
        return std::nullopt;
    };
    if (wrapped.size() > header_size && wrapped.front() == format) {
        if (auto opened = with(keys())) return *std::move(opened);
        if (auto opened = with(read_again())) return *std::move(opened);
    }
    throw base::Error{base::Reason::internal, "vault_key_mismatch",
                      "the vault's key does not fit this workspace; the operator must restore it"};
}

std::optional<base::Secret> KeyEncryption::agree(const auth::WorkspaceId& workspace, const base::Uuid& pair,
                                                 std::string_view wrapped,
                                                 std::string_view public_half) const {
    const auto inputs = crypto::sha256(additional_data(workspace, pair).append(public_half).append(wrapped));
    if (auto known = agreements_.find(inputs)) return known;
    auto shared = crypto::x25519_agree(unwrap(workspace, pair, wrapped).reveal(), public_half);
    if (shared) agreements_.remember(inputs, *shared);
    return shared;
}

void add_key(const std::filesystem::path& file, bool prepared) {
    auto keys = crypto::read_key_file(file);
    keys.insert(prepared ? keys.end() : keys.begin(), crypto::random_secret(crypto::aead_key_size));
    crypto::replace_key_file(file, keys);
}

void promote_last_key(const std::filesystem::path& file) {
    auto keys = crypto::read_key_file(file);
    std::rotate(keys.begin(), std::prev(keys.end()), keys.end());
    crypto::replace_key_file(file, keys);
}

int keep_keys(const std::filesystem::path& file, const std::vector<std::string>& marks) {
    auto keys = crypto::read_key_file(file);
    const auto dropped = std::remove_if(std::next(keys.begin()), keys.end(), [&](const base::Secret& secret) {
        return std::find(marks.begin(), marks.end(), format + id_of(key_of(secret))) == marks.end();
    });
    const auto count = std::distance(dropped, keys.end());
    keys.erase(dropped, keys.end());
    if (count > 0) crypto::replace_key_file(file, keys);
    return static_cast<int>(count);
}

}  // namespace vault_keys
