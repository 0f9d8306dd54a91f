#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace schema {

using json = nlohmann::json;

/// Nesting deeper than this is refused: copying and destroying a JSON value is recursive.
inline constexpr int depth_limit = 64;

/// Parses JSON from outside (RFC 8259). Throws base::Error (invalid_input) with one of the codes
/// "json_malformed" (syntax, invalid UTF-8, anything after the value), "json_too_deep",
/// "json_duplicate_key": two readers of a repeated member could understand different things.
json parse(std::string_view text);

/// One line, valid UTF-8 whatever the strings hold (bad bytes become U+FFFD).
std::string dump(const json& value);

/// A text as a JSON string, quotes included. The text must be valid UTF-8, as what dump() writes is.
std::string quote(std::string_view text);

/// As dump, with members sorted at every level: equal values give equal text, fit for a digest.
std::string canonical(const json& value);

}  // namespace schema
