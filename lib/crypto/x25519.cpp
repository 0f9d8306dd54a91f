#include "crypto/x25519.hpp"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

#include "crypto/random.hpp"

namespace crypto {
namespace {

constexpr std::size_t key_size = 32;

struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free>;

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

Key private_half(std::string_view bytes) {
    return Key{EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, raw(bytes), bytes.size())};
}

}  // namespace

std::string x25519_public_key(std::string_view private_key) {
    const auto key = private_half(private_key);
    std::string bytes(key_size, '\0');
    std::size_t size = bytes.size();
    if (!key || EVP_PKEY_get_raw_public_key(key.get(), raw(bytes), &size) != 1) std::abort();
    return bytes;
}

KeyPair create_x25519_keys() {
    auto private_key = random_secret(key_size);
    auto public_key = x25519_public_key(private_key.reveal());
    return {std::move(public_key), std::move(private_key)};
}

std::optional<base::Secret> x25519_agree(std::string_view private_key, std::string_view public_key) {
    if (public_key.size() != key_size) return std::nullopt;
    const auto mine = private_half(private_key);
    const Key theirs{
        EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, raw(public_key), public_key.size())};
    if (!mine || !theirs) return std::nullopt;
    const Context context{EVP_PKEY_CTX_new(mine.get(), nullptr)};
    std::string shared(key_size, '\0');
    std::size_t size = shared.size();
    if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer(context.get(), theirs.get()) != 1 ||
        EVP_PKEY_derive(context.get(), raw(shared), &size) != 1)
        return std::nullopt;
    return base::Secret::take(shared);
}

}  // namespace crypto
