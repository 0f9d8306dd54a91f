#pragma once

#include <string_view>

namespace http {

/// Whether an Accept field admits `media_type` (RFC 9110 section 12.5.1): by name, by type/* or by */*;
/// the most specific range decides and a weight of 0 refuses. An empty (absent) field admits everything.
bool accepts(std::string_view accept, std::string_view media_type) noexcept;

/// Whether an Accept field names `media_type` itself, with a weight above 0: wildcards do not count.
bool names(std::string_view accept, std::string_view media_type) noexcept;

/// Whether a Content-Type field is `media_type`, whatever its parameters and case.
bool is_media_type(std::string_view content_type, std::string_view media_type) noexcept;

}  // namespace http
