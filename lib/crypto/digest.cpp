#include "crypto/digest.hpp"

#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstdlib>
#include <memory>

#include "crypto/encoding.hpp"

namespace crypto {
namespace {

constexpr std::size_t digest_size = 32;

const EVP_MD* sha256_method() {
    static const EVP_MD* method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return method;
}

unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

struct FreeMacContext {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMacContext>;

// Looking the algorithm up costs more than using it. No key stays behind: each use has a context of its own.
MacContext looked_up_hmac_sha256() {
    EVP_MAC* const method = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    MacContext context{EVP_MAC_CTX_new(method)};
    EVP_MAC_free(method);
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[]{OSSL_PARAM_construct_utf8_string("digest", digest, 0), OSSL_PARAM_END};
    if (!context || EVP_MAC_init(context.get(), raw("no key"), 6, parameters) != 1) std::abort();
    return context;
}

}  // namespace

std::string sha256(std::string_view bytes) {
    std::string digest(digest_size, '\0');
    if (EVP_Digest(bytes.data(), bytes.size(), raw(digest), nullptr, sha256_method(), nullptr) != 1)
        std::abort();
    return digest;
}

std::string sha256_hex(std::string_view bytes) { return hex_of(sha256(bytes)); }

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    static const MacContext unkeyed = looked_up_hmac_sha256();
    const MacContext context{EVP_MAC_CTX_dup(unkeyed.get())};
    std::string mac(digest_size, '\0');
    std::size_t size = 0;
    const auto* key_data = raw(key.empty() ? std::string_view{""} : key);
    if (!context || EVP_MAC_init(context.get(), key_data, key.size(), nullptr) != 1 ||
        EVP_MAC_update(context.get(), raw(bytes), bytes.size()) != 1 ||
        EVP_MAC_final(context.get(), raw(mac), &size, mac.size()) != 1)
        std::abort();
    return mac;
}

base::Secret hkdf_sha256(std::string_view input_key, std::string_view salt, std::string_view info,
                         std::size_t size) {
    if (size > 255 * digest_size) std::abort();
    auto extracted = hmac_sha256(salt, input_key);
    std::string output;
    output.reserve(size + digest_size);
    std::string block;
    for (char counter = 1; output.size() < size; ++counter) {
        block.append(info);
        block += counter;
        auto next = hmac_sha256(extracted, block);
        base::wipe(block);
        output += next;
        block.swap(next);
    }
    base::wipe(block);
    base::wipe(extracted);
    base::Secret key{std::string_view{output}.substr(0, size)};
    base::wipe(output);
    return key;
}

}  // namespace crypto
