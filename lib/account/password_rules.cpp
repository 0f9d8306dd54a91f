#include "account/password_rules.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/utf8.hpp"

extern "C" {
#include <zxcvbn.h>
}

namespace account {
namespace {

constexpr std::ptrdiff_t least_characters = 8;
constexpr std::size_t most_bytes = 256;
constexpr std::size_t judged_bytes = 64;  // judging grows with the square of the length
constexpr double least_bits = 26.6;       // 10^8 guesses

[[noreturn]] void refuse(const char* code, const char* message) {
    throw base::Error{base::Reason::invalid_input, code, message};
}

void add_words(std::vector<std::string>& words, std::string_view text) {
    std::string word;
    for (const char c : std::string{text} + ' ') {
        const bool is_part =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c < 0;
        if (is_part) {
            word += c;
        } else if (!word.empty()) {
            if (word.size() > 2) words.push_back(word);
            word.clear();
        }
    }
}

double bits_of(std::string password, const std::vector<std::string>& words) {
    std::vector<const char*> known;
    for (const auto& word : words) known.push_back(word.c_str());
    known.push_back(nullptr);
    const double bits = ZxcvbnMatch(password.c_str(), known.data(), nullptr);
    base::wipe(password);
    return bits;
}

}  // namespace

void require_good_password(const base::Secret& password, std::string_view email, std::string_view name) {
    const auto text = password.reveal();
    if (text.size() > most_bytes) refuse("password_too_long", "the password is longer than 256 bytes");
    if (!base::is_utf8(text) || text.find('\0') != std::string_view::npos)
        refuse("password_malformed", "the password is not text");
    const auto characters =
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
    if (characters < least_characters)
        refuse("password_too_short", "the password needs at least 8 characters");
    std::vector<std::string> words{"gatehouse", std::string{email}};
    add_words(words, email);
    add_words(words, name);
    if (bits_of(std::string{text.substr(0, judged_bytes)}, words) < least_bits)
        refuse("password_too_common",
               "this password is too easy to guess; choose a longer or less common one, such as four random "
               "words");
}

}  // namespace account
