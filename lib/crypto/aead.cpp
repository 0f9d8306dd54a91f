#include "crypto/aead.hpp"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

#include "crypto/random.hpp"

namespace crypto {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const EVP_CIPHER* method() {
    static const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    return cipher;
}

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(char* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

void require(bool success) {
    if (!success) std::abort();
}

Context start(std::string_view key, std::string_view nonce, int encrypt) {
    require(key.size() == aead_key_size);
    Context context{EVP_CIPHER_CTX_new()};
    require(context &&
            EVP_CipherInit_ex2(context.get(), method(), raw(key), raw(nonce), encrypt, nullptr) == 1);
    return context;
}

void authenticate(EVP_CIPHER_CTX* context, std::string_view additional) {
    int written = 0;
    require(additional.empty() || EVP_CipherUpdate(context, nullptr, &written, raw(additional),
                                                   static_cast<int>(additional.size())) == 1);
}

}  // namespace

std::string aead_seal(std::string_view key, std::string_view plain, std::string_view additional) {
    auto sealed = random_bytes(nonce_size);
    const auto context = start(key, sealed, 1);
    authenticate(context.get(), additional);
    sealed.resize(nonce_size + plain.size() + tag_size);
    char* out = sealed.data() + nonce_size;
    int written = 0;
    require(EVP_CipherUpdate(context.get(), raw(out), &written, raw(plain), static_cast<int>(plain.size())) ==
            1);
    int rest = 0;
    require(EVP_CipherFinal_ex(context.get(), raw(out + written), &rest) == 1);
    require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, out + plain.size()) == 1);
    return sealed;
}

std::optional<base::Secret> aead_open(std::string_view key, std::string_view sealed,
                                      std::string_view additional) {
    if (sealed.size() < aead_overhead) return std::nullopt;
    const auto context = start(key, sealed.substr(0, nonce_size), 0);
    authenticate(context.get(), additional);
    const auto body = sealed.substr(nonce_size, sealed.size() - aead_overhead);
    std::string tag{sealed.substr(sealed.size() - tag_size)};
    std::string plain(body.size() + tag_size, '\0');
    int written = 0;
    require(EVP_CipherUpdate(context.get(), raw(plain.data()), &written, raw(body),
                             static_cast<int>(body.size())) == 1);
    require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1);
    int rest = 0;
    const bool authentic = EVP_CipherFinal_ex(context.get(), raw(plain.data()) + written, &rest) == 1;
    auto opened = base::Secret{authentic ? std::string_view{plain}.substr(0, body.size()) : ""};
    base::wipe(plain);
    if (!authentic) return std::nullopt;
    return opened;
}

}  // namespace crypto
