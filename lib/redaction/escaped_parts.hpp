#pragma once

#include <string_view>

#include "redaction/unescape.hpp"
#include "redaction/wanted.hpp"

namespace redaction {

/// The parts of a text in which undoing its escapes of one kind may bring forth something wanted, from left
/// to right without overlap.
///
/// Whatever is wanted and has escapes of two kinds at most, beside each other or one within the other, has a
/// first one. Left of that it stands as it is, but for a mark whose own escape goes on in this one; right of
/// it every escape of the same kind can be read. With least_size bytes in all, one of the two sides is long
/// enough to be told from most other texts. What cannot be read is taken for something wanted.
class EscapedParts {
public:
    EscapedParts(Escape escape, std::string_view text, const Wanted& wanted)
        : escape_{escape}, text_{text}, wanted_{wanted} {}

    struct Part {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    /// Reaches as far to both sides of its escapes as something wanted may. An empty part at the end.
    Part next();

private:
    struct Found {
        std::size_t begin;
        std::size_t end;
    };
    Found next_wanted(std::size_t from) const;
    bool may_belong(const Character& character, Found escape) const;
    bool may_hide_escape(char mark, Found escape) const;
    bool may_be_written_here(const Character& character, Found escape) const;
    bool may_be_a_later_one(char c, Found escape) const;
    bool may_join(Found line_break) const;
    bool goes_on(char last, std::size_t from, int pairs) const;
    bool came_from(char first, std::size_t end, int pairs) const;
    Character character_behind(std::size_t from) const;
    Character character_before(std::size_t end) const;
    bool is_escape(const Character& character, std::size_t at) const;
    std::size_t reach() const noexcept;

    Escape escape_;
    std::string_view text_;
    const Wanted& wanted_;
    std::size_t position_ = 0;
};

}  // namespace redaction
