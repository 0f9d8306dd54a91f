#include "redaction/unescape.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/secret.hpp"

namespace redaction {
namespace {

void append_utf8(std::string& text, std::uint32_t point) {
    const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((point >> shift) & 0x3f)); };
    if (point < 0x80) {
        text += static_cast<char>(point);
    } else if (point < 0x800) {
        text += static_cast<char>(0xc0 | (point >> 6));
        tail(0);
    } else if (point < 0x10000) {
        text += static_cast<char>(0xe0 | (point >> 12));
        tail(6), tail(0);
    } else {
        text += static_cast<char>(0xf0 | ((point >> 18) & 7));
        tail(12), tail(6), tail(0);
    }
}

std::optional<std::uint32_t> number_of(std::string_view digits, int base) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

std::size_t read_percent(std::string_view text, std::string& byte) {
    const auto value = text.size() >= 3 ? number_of(text.substr(1, 2), 16) : std::nullopt;
    if (!value) return 1;
    byte = static_cast<char>(*value);
    return 3;
}

std::optional<std::uint32_t> unicode_at(std::string_view text) {
    if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
    return number_of(text.substr(2, 4), 16);
}

std::size_t read_unicode(std::string_view text, std::string& byte) {
    const auto first = unicode_at(text);
    if (!first) return 1;
    byte.clear();
    const auto second = *first >= 0xd800 && *first < 0xdc00 ? unicode_at(text.substr(6)) : std::nullopt;
    if (second && *second >= 0xdc00 && *second < 0xe000) {
        append_utf8(byte, 0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00));
        return 12;
    }
    append_utf8(byte, *first);
    return 6;
}

std::size_t read_json(std::string_view text, std::string& byte) {
    if (text.size() < 2) return 1;
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view values = "\"\\/\b\f\n\r\t";
    if (text[1] == 'u') return read_unicode(text, byte);
    const auto letter = letters.find(text[1]);
    if (letter == std::string_view::npos) return 1;
    byte = values[letter];
    return 2;
}

std::size_t read_html(std::string_view text, std::string& byte) {
    const auto name = text.substr(1, text.substr(0, 12).find(';') - 1);
    if (name.size() + 2 > text.size() || name.size() > 10 || text[name.size() + 1] != ';') return 1;
    if (name.starts_with('#')) {
        const bool is_hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
        const auto value = number_of(name.substr(is_hex ? 2 : 1), is_hex ? 16 : 10);
        if (!value || *value > 0x10ffff) return 1;
        byte.clear();
        append_utf8(byte, *value);
        return name.size() + 2;
    }
    constexpr std::array names{std::pair{std::string_view{"amp"}, '&'},
                               std::pair{std::string_view{"lt"}, '<'}, std::pair{std::string_view{"gt"}, '>'},
                               std::pair{std::string_view{"quot"}, '"'},
                               std::pair{std::string_view{"apos"}, '\''}};
    for (const auto& [known, value] : names) {
        if (name != known) continue;
        byte = value;
        return name.size() + 2;
    }
    return 1;
}

bool may_stand_in_encoding(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"+/-_=\\%"}.find(c) != std::string_view::npos;
}

/// The line break, the indentation behind it, and no other blank line.
std::size_t read_break(std::string_view text, std::string& byte) {
    constexpr std::size_t deepest = 40;
    byte.clear();
    const auto begin = text.starts_with("\r\n") ? 2 : 1;
    const auto end = text.substr(0, deepest).find_first_not_of(" \t", begin);
    return end == std::string_view::npos ? std::min(text.size(), deepest) : end;
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
    return std::all_of(before.begin(), before.end(), may_stand_in_encoding);
}

std::size_t next_escape(Escape escape, std::string_view text, std::size_t from) {
    if (escape == Escape::lines) return next_break(text, from);
    const auto found = escape == Escape::form ? text.find('+', from) : text.find(mark_of(escape), from);
    return found == std::string_view::npos ? text.size() : found;
}

std::size_t read_character(Escape escape, std::string_view text, std::size_t at, std::string& byte) {
    byte = text[at];
    const auto rest = text.substr(at);
    if (escape == Escape::form && text[at] == '+') {
        byte = ' ';
        return 1;
    }
    if (escape == Escape::lines && (byte == "\n" || rest.starts_with("\r\n"))) return read_break(rest, byte);
    if (text[at] != mark_of(escape)) return 1;
    switch (escape) {
        case Escape::percent:
        case Escape::form:
            return read_percent(rest, byte);
        case Escape::json:
            return read_json(rest, byte);
        case Escape::html:
            return read_html(rest, byte);
        case Escape::lines:
            return 1;
    }
    return 1;
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
    std::string byte;
    for (std::size_t at = 0; at < text.size();) {
        auto plain = next_escape(escape, text, at);
        if (escape == Escape::form) plain = std::min(plain, next_escape(Escape::percent, text, at));
        take(text.substr(at, plain - at), at, 1);
        if (plain == text.size()) break;
        const auto size = read_character(escape, text, plain, byte);
        take(byte, plain, 0);
        at = plain + size;
    }
    result.origins.push_back(static_cast<std::uint32_t>(text.size()));
    return result;
}

}  // namespace redaction
