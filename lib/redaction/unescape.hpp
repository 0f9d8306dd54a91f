#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace redaction {

/// Ways to write one byte as several that any writer may use anywhere in a text.
enum class Escape {
    percent,  ///< %2F (RFC 3986)
    form,     ///< the same, and + for a space
    json,     ///< \/ \u002f (RFC 8259)
    html,     ///< &amp; &#47; &#x2f;
    lines,    ///< base64 or hexadecimal broken into lines (RFC 2045 section 6.8), which may be indented
};
inline constexpr std::array escapes{Escape::percent, Escape::form, Escape::json, Escape::html, Escape::lines};

/// Bytes with their escapes undone, and where each came from. Wipes itself: a secret may stand in it.
struct Unescaped {
    std::string bytes;
    std::vector<std::uint32_t> origins;  ///< of each byte, and one more for the end

    Unescaped() = default;
    Unescaped(Unescaped&&) = default;
    Unescaped(const Unescaped&) = delete;
    ~Unescaped();
};

/// The position of the next escape at or behind `from`; text.size() when there is none.
std::size_t next_escape(Escape escape, std::string_view text, std::size_t from);

/// Whether a line break at `at` may stand within base64 or hexadecimal, by what is before it. What lies
/// before the text is not known and may be anything.
bool may_break_encoding(std::string_view text, std::size_t at);

/// One character of a text and what it stands for.
struct Character {
    std::size_t size = 1;  ///< of the text's bytes; more than 1 where an escape is
    std::array<char, 4> utf8{};
    std::uint8_t length = 0;  ///< of utf8; 0 for a line break within an encoding

    std::string_view bytes() const noexcept { return {utf8.data(), length}; }
    bool is(char c) const noexcept { return length == 1 && utf8[0] == c; }
    bool is_break() const noexcept { return is('\n') || is('\r'); }
};
Character character_at(Escape escape, std::string_view text, std::size_t at);

Unescaped unescape(Escape escape, std::string_view text);

}  // namespace redaction
