#include "account/totp.hpp"

#include <liboath/oath.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "crypto/compare.hpp"
#include "crypto/random.hpp"
#include "http/uri.hpp"

namespace account {
namespace {

constexpr std::size_t secret_size = 20;
constexpr unsigned digits = 6;
constexpr std::int64_t seconds_a_step = 30;

std::string code_at(std::string_view secret, std::int64_t step) {
    char code[digits + 1];
    const auto seconds = static_cast<time_t>(step * seconds_a_step);
    if (oath_totp_generate(secret.data(), secret.size(), seconds, seconds_a_step, 0, digits, code) != OATH_OK)
        throw std::runtime_error{"liboath makes no code"};
    return code;
}

}  // namespace

std::string create_totp_secret() { return crypto::random_bytes(secret_size); }

std::string base32_of_secret(std::string_view secret) {
    char* text = nullptr;
    std::size_t size = 0;
    if (oath_base32_encode(secret.data(), secret.size(), &text, &size) != OATH_OK) throw std::bad_alloc{};
    std::string copy{text, size};
    std::free(text);
    copy.erase(std::find(copy.begin(), copy.end(), '='), copy.end());
    return copy;
}

std::string totp_uri(std::string_view secret, std::string_view account) {
    return "otpauth://totp/Gatehouse:" + http::percent_encode(account) +
           "?secret=" + base32_of_secret(secret) + "&issuer=Gatehouse";
}

std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code,
                                         base::Clock::time_point now) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    std::optional<std::int64_t> found;
    for (std::int64_t step = seconds / seconds_a_step - 1; step <= seconds / seconds_a_step + 1; ++step)
        if (crypto::equal_in_constant_time(code_at(secret, step), code)) found = step;
    return found;
}

}  // namespace account
