#include "redaction/forms.hpp"

#include <algorithm>

namespace redaction {
namespace {

constexpr int deepest = 2;

struct Walk {
    const Wanted& wanted;
    const Look& look;

    void visit(std::string_view bytes, const Origin& origin_of, int depth) const {
        look(bytes, origin_of);
        if (depth == deepest) return;
        for (const auto escape : escapes) {
            if (escape == Escape::form && !wanted.bytes[' ']) continue;
            EscapedParts parts{escape, bytes, wanted};
            for (auto part = parts.next(); part.begin != part.end; part = parts.next()) {
                const auto plain = unescape(escape, bytes.substr(part.begin, part.end - part.begin));
                visit(
                    plain.bytes, [&](std::size_t i) { return origin_of(part.begin + plain.origins[i]); },
                    depth + 1);
            }
        }
    }
};

}  // namespace

void for_each_form(std::string_view text, const Wanted& wanted, const Look& look) {
    auto with_marks = wanted;
    for (const unsigned char mark : {'%', '\\', '&'}) with_marks.bytes.set(mark);
    Walk{with_marks, look}.visit(
        text, [](std::size_t i) { return i; }, 0);
}

/// Whether two bytes follow each other in something wanted. Of a byte that an escape stands for nothing is
/// known, nor of what lies outside the text.
bool EscapedParts::may_follow(std::optional<char> first, std::optional<char> second) const {
    constexpr std::string_view marks = "%\\&";
    const auto is_unknown = [&](std::optional<char> c) {
        return !c || marks.find(*c) != std::string_view::npos;
    };
    return is_unknown(first) || is_unknown(second) || wanted_.pairs[block_of(*first, *second)];
}

std::optional<char> EscapedParts::at(std::size_t position) const {
    return position < text_.size() ? std::optional{text_[position]} : std::nullopt;
}

/// Whether the escape from `begin` to `end`, of byte_, may be within something wanted, by what is around it:
/// that goes on to one side at least, and behind a line break to both.
bool EscapedParts::may_belong(std::size_t begin, std::size_t end) const {
    const auto before = at(begin - 1);  // none when begin is 0
    if (escape_ == Escape::lines) {
        return may_follow(before, at(end)) &&
               (may_follow(at(begin - 2), before) || may_follow(at(end), at(end + 1)));
    }
    return byte_.size() != 1 || may_follow(before, byte_[0]) || may_follow(byte_[0], at(end));
}

/// Broken into lines a text grows by little, whatever is escaped in it.
std::size_t EscapedParts::reach() const noexcept {
    return escape_ == Escape::lines ? wanted_.reach / 3 : wanted_.reach;
}

EscapedParts::Found EscapedParts::next_wanted(std::size_t from) {
    for (;;) {
        const auto begin = next_escape(escape_, text_, from);
        if (begin == text_.size()) return {begin, begin};
        from = begin + read_character(escape_, text_, begin, byte_);
        const bool stands_for_itself = from == begin + 1 && byte_.size() == 1 && byte_[0] == text_[begin];
        if (stands_for_itself) continue;
        const bool is_wanted = std::all_of(
            byte_.begin(), byte_.end(), [&](char c) { return wanted_.bytes[static_cast<unsigned char>(c)]; });
        const bool is_break = byte_ == "\n" || byte_ == "\r";
        if ((is_wanted && may_belong(begin, from)) || (is_break && may_break_encoding(text_, begin)))
            return {begin, from};
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

namespace {

/// Some way before `at`, and within no escape that could be taken for another one from there on: of what
/// stands in an escape only a backslash begins one.
std::size_t begin_near(std::string_view text, std::size_t at) {
    constexpr std::size_t way = 256;
    auto begin = at - std::min(at, way);
    while (begin > 0 && text[begin - 1] == '\\') --begin;
    return begin;
}

}  // namespace

std::size_t between_escapes(std::string_view text, std::size_t at) {
    std::string byte;
    const auto near = begin_near(text, at);
    const auto before = [&](Escape escape) {
        for (auto begin = next_escape(escape, text, near); begin < at;) {
            const auto end = begin + read_character(escape, text, begin, byte);
            if (end > at) return begin;
            begin = next_escape(escape, text, end);
        }
        return at;
    };
    for (std::size_t last = text.size() + 1; last != at;) {
        last = at;
        for (const auto escape : escapes) at = before(escape);
    }
    return at;
}

}  // namespace redaction
