#pragma once

#include <functional>
#include <string_view>

#include "redaction/escaped_parts.hpp"

namespace redaction {

/// The position in the whole text of a part's i-th byte.
using Origin = std::function<std::size_t(std::size_t i)>;
using Look = std::function<void(std::string_view bytes, const Origin& origin_of)>;

/// Calls `look` for the text as it is and for each part of it with escapes undone, twice deep. A part reaches
/// as far as something wanted may to both sides of its escapes, and an escape of a byte that is not wanted
/// makes none: so undoing costs only where something may be hidden.
void for_each_form(std::string_view text, const Wanted& wanted, const Look& look);

}  // namespace redaction
