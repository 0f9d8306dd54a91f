#include "crypto/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

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

}  // namespace

std::string sha256(std::string_view bytes) {
    std::string digest(digest_size, '\0');
    if (EVP_Digest(bytes.data(), bytes.size(), raw(digest), nullptr, sha256_method(), nullptr) != 1)
        std::abort();
    return digest;
}

std::string sha256_hex(std::string_view bytes) { return hex_of(sha256(bytes)); }

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    std::string mac(digest_size, '\0');
    const char* key_data = key.empty() ? "" : key.data();
    if (!HMAC(sha256_method(), key_data, static_cast<int>(key.size()), raw(bytes), bytes.size(), raw(mac),
              nullptr))
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
