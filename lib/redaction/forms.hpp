#pragma once

#include <bitset>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "redaction/alphabet.hpp"
#include "redaction/unescape.hpp"

namespace redaction {

/// The position in the whole text of a part's i-th byte.
using Origin = std::function<std::size_t(std::size_t i)>;
using Look = std::function<void(std::string_view bytes, const Origin& origin_of)>;

/// What is looked for: which bytes are in it, which two follow each other (block_of), and how many bytes it
/// may take with all of them escaped.
struct Wanted {
    std::bitset<256> bytes;
    std::bitset<blocks> pairs;
    std::size_t reach = 0;
};

/// Calls `look` for the text as it is and for each part of it with escapes undone, twice deep. A part reaches
/// as far as something wanted may to both sides of its escapes, and an escape of a byte that is not wanted
/// makes none: so undoing costs only where something may be hidden.
void for_each_form(std::string_view text, const Wanted& wanted, const Look& look);

/// The parts of a text around its escapes of one kind, from left to right without overlap.
class EscapedParts {
public:
    EscapedParts(Escape escape, std::string_view text, const Wanted& wanted)
        : escape_{escape}, text_{text}, wanted_{wanted} {}

    struct Part {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    /// An empty part at the end.
    Part next();

private:
    struct Found {
        std::size_t begin;
        std::size_t end;
    };
    Found next_wanted(std::size_t from);
    bool may_belong(std::size_t begin, std::size_t end) const;
    bool may_follow(std::optional<char> first, std::optional<char> second) const;
    std::optional<char> at(std::size_t position) const;
    std::size_t reach() const noexcept;

    Escape escape_;
    std::string_view text_;
    const Wanted& wanted_;
    std::size_t position_ = 0;
    std::string byte_;
};

/// The largest position up to `at` that lies within no escape of any kind.
std::size_t between_escapes(std::string_view text, std::size_t at);

}  // namespace redaction
