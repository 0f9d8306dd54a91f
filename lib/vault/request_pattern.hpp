#pragma once

#include <string>
#include <string_view>

namespace vault {

/// Names requests: "METHOD /path/pattern". The method "*" stands for all; in the path "*" stands for any
/// characters of one segment, and "**" as the last segment for that place and everything below it.
/// Matched on the canonical path, which is the one that is sent.
bool matches_request(std::string_view pattern, std::string_view method, std::string_view path) noexcept;

/// The same for what must not be missed: in whatever case or percent-encoding, with a trailing slash, or with
/// a suffix such as ".json", under which many services answer alike.
bool resembles_request(std::string_view pattern, std::string_view method, std::string_view path);

/// Throws base::Error (invalid_input, "invalid_policy") when it could never match anything.
void check_request_pattern(const std::string& pattern);

}  // namespace vault
