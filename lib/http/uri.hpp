#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

/// Decodes %XX (RFC 3986 section 2.1). Nothing when a percent sign is not followed by two hexadecimal
/// digits or when the result would hold a NUL. A plus sign stays a plus sign.
std::optional<std::string> percent_decode(std::string_view text);

/// Encodes every byte but the unreserved characters A-Z a-z 0-9 - . _ ~ as %XX, upper case.
std::string percent_encode(std::string_view text);

/// The pairs of a query, in order, repeats included; a plus sign is a space (the form encoding of HTML).
/// `a` alone has an empty value. Nothing when an encoding is broken.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

}  // namespace http
