#pragma once

#include <string>
#include <string_view>

namespace http {

/// Appends `text` as a JSON string, quotes included. Invalid UTF-8 becomes U+FFFD, byte by byte.
void append_json_string(std::string& out, std::string_view text);

}  // namespace http
