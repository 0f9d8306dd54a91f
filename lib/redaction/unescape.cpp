#include "redaction/unescape.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/secret.hpp"

namespace redaction {
namespace {

constexpr Character one_byte(std::size_t size, char value) { return {size, {value}, 1}; }

Character of_point(std::size_t size, std::uint32_t point) {
    const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((point >> shift) & 0x3f)); };
    const auto head = [&](unsigned mark, int shift) { return static_cast<char>(mark | point >> shift); };
    if (point < 0x80) return one_byte(size, static_cast<char>(point));
    if (point < 0x800) return {size, {head(0xc0, 6), tail(0)}, 2};
    if (point < 0x10000) return {size, {head(0xe0, 12), tail(6), tail(0)}, 3};
    return {size, {head(0xf0, 18), tail(12), tail(6), tail(0)}, 4};
}

std::optional<std::uint32_t> number_of(std::string_view digits, int base) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

constexpr auto hex_values = [] {
    std::array<signed char, 256> values{};
    values.fill(-1);
    for (unsigned char digit = 0; digit < 16; ++digit) {
        values[static_cast<unsigned char>("0123456789abcdef"[digit])] = static_cast<signed char>(digit);
        values[static_cast<unsigned char>("0123456789ABCDEF"[digit])] = static_cast<signed char>(digit);
    }
    return values;
}();

Character percent_at(std::string_view text) {
    if (text.size() < 3) return one_byte(1, text[0]);
    const int high = hex_values[static_cast<unsigned char>(text[1])];
    const int low = hex_values[static_cast<unsigned char>(text[2])];
    return high < 0 || low < 0 ? one_byte(1, text[0]) : one_byte(3, static_cast<char>(high << 4 | low));
}

std::optional<std::uint32_t> unit_at(std::string_view text) {
    if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
    return number_of(text.substr(2, 4), 16);
}

Character unicode_at(std::string_view text) {
    const auto first = unit_at(text);
    if (!first) return one_byte(1, text[0]);
    const auto second = *first >= 0xd800 && *first < 0xdc00 ? unit_at(text.substr(6)) : std::nullopt;
    if (second && *second >= 0xdc00 && *second < 0xe000)
        return of_point(12, 0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00));
    return of_point(6, *first);
}

Character json_at(std::string_view text) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view values = "\"\\/\b\f\n\r\t";
    if (text.size() < 2) return one_byte(1, text[0]);
    if (text[1] == 'u') return unicode_at(text);
    const auto letter = letters.find(text[1]);
    return letter == std::string_view::npos ? one_byte(1, text[0]) : one_byte(2, values[letter]);
}

Character html_at(std::string_view text) {
    const auto name = text.substr(1, text.substr(0, 12).find(';') - 1);
    const auto size = name.size() + 2;
    if (size > text.size() || name.size() > 10 || text[size - 1] != ';') return one_byte(1, text[0]);
    if (name.starts_with('#')) {
        const bool is_hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
        const auto value = number_of(name.substr(is_hex ? 2 : 1), is_hex ? 16 : 10);
        return value && *value <= 0x10ffff ? of_point(size, *value) : one_byte(1, text[0]);
    }
    constexpr std::array names{std::pair{std::string_view{"amp"}, '&'},
                               std::pair{std::string_view{"lt"}, '<'}, std::pair{std::string_view{"gt"}, '>'},
                               std::pair{std::string_view{"quot"}, '"'},
                               std::pair{std::string_view{"apos"}, '\''}};
    for (const auto& [known, value] : names) {
        if (name == known) return one_byte(size, value);
    }
    return one_byte(1, text[0]);
}

constexpr auto stands_in_encoding = [] {
    std::array<bool, 256> stands{};
    for (unsigned char c = 'a'; c <= 'z'; ++c) stands[c] = stands[c - 32U] = true;
    for (const unsigned char c : std::string_view{"0123456789+/-_=\\%"}) stands[c] = true;
    return stands;
}();

/// The line break, the indentation behind it, and no other blank line.
Character break_at(std::string_view text) {
    constexpr std::size_t deepest = 40;
    const std::size_t begin = text.starts_with("\r\n") ? 2 : 1;
    const auto end = text.substr(0, deepest).find_first_not_of(" \t", begin);
    return {end == std::string_view::npos ? std::min(text.size(), deepest) : end, {}, 0};
}

std::size_t next_break(std::string_view text, std::size_t from) {
    for (auto at = text.find('\n', from); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        const auto begin = at > from && text[at - 1] == '\r' ? at - 1 : at;
        if (may_break_encoding(text, begin)) return begin;
    }
    return text.size();
}

char mark_of(Escape escape) {
    switch (escape) {
        case Escape::percent:
        case Escape::form:
            return '%';
        case Escape::json:
            return '\\';
        case Escape::html:
            return '&';
        case Escape::lines:
            return '\n';
    }
    return '%';
}

}  // namespace

Unescaped::~Unescaped() { base::wipe(bytes); }

bool may_break_encoding(std::string_view text, std::size_t at) {
    constexpr std::size_t looked_at = 8;
    const auto before = text.substr(at - std::min(at, looked_at), std::min(at, looked_at));
    return std::all_of(before.rbegin(), before.rend(),
                       [](char c) { return stands_in_encoding[static_cast<unsigned char>(c)]; });
}

std::size_t next_escape(Escape escape, std::string_view text, std::size_t from) {
    if (escape == Escape::lines) return next_break(text, from);
    const auto found = escape == Escape::form ? text.find('+', from) : text.find(mark_of(escape), from);
    return found == std::string_view::npos ? text.size() : found;
}

Character character_at(Escape escape, std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    const char c = text[at];
    if (escape == Escape::form && c == '+') return one_byte(1, ' ');
    if (escape == Escape::lines && (c == '\n' || rest.starts_with("\r\n"))) return break_at(rest);
    if (c != mark_of(escape)) return one_byte(1, c);
    switch (escape) {
        case Escape::percent:
        case Escape::form:
            return percent_at(rest);
        case Escape::json:
            return json_at(rest);
        case Escape::html:
            return html_at(rest);
        case Escape::lines:
            break;
    }
    return one_byte(1, c);
}

Unescaped unescape(Escape escape, std::string_view text) {
    Unescaped result;
    result.bytes.reserve(text.size());
    result.origins.reserve(text.size() + 1);
    const auto take = [&](std::string_view bytes, std::size_t at, std::size_t step) {
        result.bytes += bytes;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            result.origins.push_back(static_cast<std::uint32_t>(at + i * step));
    };
    for (std::size_t at = 0; at < text.size();) {
        auto plain = next_escape(escape, text, at);
        if (escape == Escape::form) plain = std::min(plain, next_escape(Escape::percent, text, at));
        take(text.substr(at, plain - at), at, 1);
        if (plain == text.size()) break;
        const auto character = character_at(escape, text, plain);
        take(character.bytes(), plain, 0);
        at = plain + character.size;
    }
    result.origins.push_back(static_cast<std::uint32_t>(text.size()));
    return result;
}

}  // namespace redaction
