#include "redaction/escaped_parts.hpp"

#include <algorithm>
#include <string>

namespace redaction {
namespace {

/// As many pairs as the longer side of an escape of so many bytes has at least in something of least_size.
constexpr int telling(std::size_t bytes) { return static_cast<int>((least_size - bytes + 1) / 2); }

constexpr std::size_t longest_escape = 12;

/// More line breaks one after another, and blanks behind them, than any encoding has.
constexpr int most_skipped = 48;

bool is_mark(char c) { return c == '%' || c == '\\' || c == '&'; }
bool may_begin_escape(char c) { return is_mark(c) || c == '+' || c == '\n' || c == '\r'; }

Escape escape_of(char mark) {
    return mark == '%' ? Escape::percent : mark == '\\' ? Escape::json : Escape::html;
}

/// Whether a text that begins with a mark holds its escape whole, if it is one.
bool is_whole(std::string_view text) {
    if (text[0] == '%') return text.size() >= 3;
    if (text[0] == '\\') return text.size() >= longest_escape || (text.size() > 1 && text[1] != 'u');
    return text.size() >= longest_escape || text.find_first_of("; <>\"'=/", 1) != std::string_view::npos;
}

}  // namespace

/// Whether it is an escape of this kind.
bool EscapedParts::is_escape(const Character& character, std::size_t at) const {
    return character.size > 1 || !character.is(text_[at]);
}

Character EscapedParts::character_behind(std::size_t from) const {
    return may_begin_escape(text_[from]) ? character_at(escape_, text_, from)
                                         : Character{1, {text_[from]}, 1};
}

/// Whether what follows `last` from `from` on may be `pairs` bytes of something wanted. Nothing is known of
/// what lies outside the text, nor of what a mark stands for that begins no escape of this kind. A line break
/// and the blanks behind it count for nothing, since they may stand within an encoding.
bool EscapedParts::goes_on(char last, std::size_t from, int pairs) const {
    int skipped = 0;
    for (bool is_behind_break = false; pairs > 0 && from < text_.size();) {
        const auto next = character_behind(from);
        const char c = next.utf8[0];
        if (next.length > 1 || is_mark(c) || (next.is_break() && wanted_.has(c))) return true;
        const bool is_break = next.length == 0 || next.is_break();
        is_behind_break = is_break || (is_behind_break && (c == ' ' || c == '\t'));
        if (is_behind_break) {
            if (++skipped > most_skipped) return true;
        } else {
            if (c == '+' && wanted_.has_pair(last, ' ')) return true;
            if (!wanted_.has_pair(last, c)) return false;
            last = c;
            --pairs;
        }
        from += next.size;
    }
    return true;
}

/// The same to the left, of what ends at `end` and is followed by `first`. A mark there may belong to an
/// escape whose other bytes are escaped themselves.
bool EscapedParts::came_from(char first, std::size_t end, int pairs) const {
    for (; pairs > 0 && end > 0; --pairs) {
        const auto before = character_before(end);
        if (is_mark(before.utf8[0])) return true;
        if (!wanted_.has_pair(before.utf8[0], first)) return false;
        first = before.utf8[0];
        end -= before.size;
    }
    return true;
}

/// Of the escapes only a form's + may have others before it.
Character EscapedParts::character_before(std::size_t end) const {
    constexpr std::size_t size = 3;
    if (escape_ == Escape::form && end >= size) {
        const auto character = character_at(Escape::percent, text_, end - size);
        if (character.size == size) return character;
    }
    return {1, {text_[end - 1]}, 1};
}

bool EscapedParts::may_be_written_here(const Character& character, Found escape) const {
    const int pairs = telling(character.length);
    const char first = character.utf8[0];
    const char last = character.bytes().back();
    return goes_on(last, escape.end, pairs) || came_from(first, escape.begin, pairs) ||
           (escape_ == Escape::form && may_be_a_later_one(first, escape));
}

/// Of the escapes in a form only each + is looked at, which need not be the first one.
bool EscapedParts::may_be_a_later_one(char c, Found escape) const {
    const bool goes_right = goes_on(c, escape.end, 1);
    const bool goes_left = came_from(c, escape.begin, 1);
    if (goes_right && goes_left) return true;
    const auto begin = escape.begin - std::min(escape.begin, longest_escape);
    const auto before = text_.substr(begin, escape.begin - begin);
    return (goes_right || goes_left) && std::any_of(before.begin(), before.end(), is_mark);
}

/// Whether the text goes on behind a line break where it was before it.
bool EscapedParts::may_join(Found line_break) const {
    auto begin = line_break.begin;
    if (begin > 0 && text_[begin - 1] == '\r') --begin;  // some writers escape the line feed alone
    if (!may_break_encoding(text_, begin)) return false;
    if (begin == 0) return true;
    const char before = text_[begin - 1];
    const int pairs = telling(1);
    return goes_on(before, line_break.begin, 1) &&
           (goes_on(before, line_break.begin, pairs) || came_from(before, begin - 1, pairs - 1));
}

/// Whether a mark that was escaped itself begins an escape of something wanted.
bool EscapedParts::may_hide_escape(char mark, Found escape) const {
    std::string inner(1, mark);
    for (auto at = escape.end; !is_whole(inner);) {
        if (at == text_.size()) return true;
        const auto next = character_at(escape_, text_, at);
        if (next.size == 1 && is_mark(text_[at])) return true;
        inner += next.bytes();
        at += next.size;
    }
    const auto hidden = character_at(escape_of(mark), inner, 0);
    return hidden.size > 1 && (hidden.is_break() || wanted_.has_all(hidden.bytes()));
}

bool EscapedParts::may_belong(const Character& character, Found escape) const {
    if (escape_ == Escape::lines) return may_join(escape);
    if (character.length == 1 && is_mark(character.utf8[0]) && may_hide_escape(character.utf8[0], escape))
        return true;
    if (character.is_break() && may_join(escape)) return true;
    const Character space{character.size, {' '}, 1};
    if (character.is('+') && wanted_.has(' ') && may_be_written_here(space, escape)) return true;
    return wanted_.has_all(character.bytes()) && may_be_written_here(character, escape);
}

/// Broken into lines a text grows by little, whatever is escaped in it.
std::size_t EscapedParts::reach() const noexcept {
    return escape_ == Escape::lines ? wanted_.reach() / 3 : wanted_.reach();
}

EscapedParts::Found EscapedParts::next_wanted(std::size_t from) const {
    for (;;) {
        const auto begin = next_escape(escape_, text_, from);
        if (begin == text_.size()) return {begin, begin};
        const auto character = character_at(escape_, text_, begin);
        from = begin + character.size;
        if (is_escape(character, begin) && may_belong(character, {begin, from})) return {begin, from};
    }
}

EscapedParts::Part EscapedParts::next() {
    auto escape = next_wanted(position_);
    if (escape.begin == text_.size()) return {};
    Part part{std::max(position_, escape.begin - std::min(escape.begin, reach())), 0};
    // The next part must not have to begin before this one ends.
    do {
        part.end = std::min(text_.size(), escape.end + reach());
        escape = next_wanted(escape.end);
    } while (escape.begin < text_.size() && escape.begin - std::min(escape.begin, reach()) < part.end);
    position_ = part.end;
    return part;
}

}  // namespace redaction
