#include "account/password.hpp"

#include <sodium.h>

#include <atomic>
#include <new>
#include <semaphore>
#include <stdexcept>

#include "base/error.hpp"
#include "base/wait.hpp"

namespace account {
namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = std::size_t{19} * 1024 * 1024;
constexpr int parallel = 2;
constexpr int most_waiting = 32;

void start_sodium() {
    static const int started = sodium_init();
    if (started < 0) throw std::runtime_error{"libsodium does not start"};
}

/// Hashing takes a processor and 19 MiB for 20 ms: only so many at a time.
class Turn {
public:
    Turn() {
        if (waiting_.fetch_add(1) >= parallel + most_waiting) {
            --waiting_;
            throw base::Error{base::Reason::unavailable, "too_many_logins",
                              "too many people sign in just now; try again in a moment"};
        }
        free_.acquire();
    }
    ~Turn() {
        free_.release();
        --waiting_;
    }
    Turn(const Turn&) = delete;

private:
    const base::Wait wait_;  ///< others are answered meanwhile
    static inline std::counting_semaphore<parallel> free_{parallel};
    static inline std::atomic<int> waiting_{0};
};

std::string hash_in_turn(std::string_view text) {
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_argon2id_str(hash, text.data(), text.size(), passes, memory_bytes) != 0)
        throw std::bad_alloc{};
    return hash;
}

const std::string& hash_of_nothing() {
    static const std::string hash = hash_in_turn("no password has this hash");
    return hash;
}

}  // namespace

std::string hash_password(const base::Secret& password) {
    start_sodium();
    const Turn turn;
    return hash_in_turn(password.reveal());
}

bool verify_password(const std::optional<std::string>& hash, const base::Secret& password) {
    start_sodium();
    const Turn turn;
    const auto& compared = hash ? *hash : hash_of_nothing();
    const auto text = password.reveal();
    const bool fits = crypto_pwhash_argon2id_str_verify(compared.c_str(), text.data(), text.size()) == 0;
    return hash && fits;
}

}  // namespace account
