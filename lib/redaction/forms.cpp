#include "redaction/forms.hpp"

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
            if (escape == Escape::form && !wanted.has(' ')) continue;
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
    Walk{wanted, look}.visit(
        text, [](std::size_t i) { return i; }, 0);
}

}  // namespace redaction
