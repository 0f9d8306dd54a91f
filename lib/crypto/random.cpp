#include "crypto/random.hpp"

#include <openssl/rand.h>

#include <cstdlib>

#include "crypto/encoding.hpp"

namespace crypto {
namespace {

void fill(char* bytes, std::size_t size) {
    if (RAND_priv_bytes(reinterpret_cast<unsigned char*>(bytes), static_cast<int>(size)) != 1) std::abort();
}

}  // namespace

std::string random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    fill(bytes.data(), size);
    return bytes;
}

base::Secret random_secret(std::size_t size) {
    auto bytes = random_bytes(size);
    return base::Secret::take(bytes);
}

base::Secret random_base62(std::size_t size) {
    constexpr unsigned unbiased = 256 - 256 % 62;
    std::string text;
    text.reserve(size);
    char chunk[64];
    while (text.size() < size) {
        fill(chunk, sizeof chunk);
        for (const char c : chunk) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte < unbiased && text.size() < size) text += base62_digits[byte % 62];
        }
    }
    return base::Secret::take(text);
}

}  // namespace crypto
