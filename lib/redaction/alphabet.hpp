#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace redaction {

/// In what a text is written: which of its characters may be written as others, one by one.
enum class Alphabet {
    bytes,   ///< none
    base64,  ///< - as + and _ as / (RFC 4648 sections 4 and 5), even mixed
    hex,     ///< letters of either case, even mixed
};

/// The one character that stands for all that count as the same.
constexpr char folded(Alphabet alphabet, char c) noexcept {
    if (alphabet == Alphabet::base64) return c == '-' ? '+' : c == '_' ? '/' : c;
    if (alphabet == Alphabet::hex && c >= 'A' && c <= 'F') return static_cast<char>(c | 0x20);
    return c;
}

/// All that count as the same as a folded character.
constexpr std::array<char, 2> variants(Alphabet alphabet, char c) noexcept {
    if (alphabet == Alphabet::base64) return {c, c == '+' ? '-' : c == '/' ? '_' : c};
    if (alphabet == Alphabet::hex && c >= 'a' && c <= 'f') return {c, static_cast<char>(c & ~0x20)};
    return {c, c};
}

/// Whether `text` begins with `wanted`, which is folded.
inline bool begins_with(Alphabet alphabet, std::string_view text, std::string_view wanted) noexcept {
    return text.size() >= wanted.size() &&
           std::equal(wanted.begin(), wanted.end(), text.begin(),
                      [&](char known, char c) { return known == folded(alphabet, c); });
}

/// A number below 64 for each byte, the same for all that any alphabet takes as one.
inline constexpr auto classes = [] {
    std::array<unsigned char, 256> numbers{};
    for (unsigned c = 0; c < 256; ++c) numbers[c] = static_cast<unsigned char>(c & 63);
    for (unsigned c = 'a'; c <= 'z'; ++c) numbers[c] = numbers[c - 32] = static_cast<unsigned char>(c - 'a');
    numbers['-'] = numbers['+'];
    numbers['_'] = numbers['/'];
    return numbers;
}();

}  // namespace redaction
