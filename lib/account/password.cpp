#include "account/password.hpp"

#include <sodium.h>

#include <new>
#include <stdexcept>

namespace account {
namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = std::size_t{19} * 1024 * 1024;

void start_sodium() {
    static const int started = sodium_init();
    if (started < 0) throw std::runtime_error{"libsodium does not start"};
}

}  // namespace

std::string hash_password(const base::Secret& password) {
    start_sodium();
    char hash[crypto_pwhash_STRBYTES];
    const auto text = password.reveal();
    if (crypto_pwhash_argon2id_str(hash, text.data(), text.size(), passes, memory_bytes) != 0)
        throw std::bad_alloc{};
    return hash;
}

bool verify_password(const std::string& hash, const base::Secret& password) {
    start_sodium();
    const auto text = password.reveal();
    return crypto_pwhash_argon2id_str_verify(hash.c_str(), text.data(), text.size()) == 0;
}

}  // namespace account
