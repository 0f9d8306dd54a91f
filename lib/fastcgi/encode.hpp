#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "http/response.hpp"

namespace fastcgi {

/// The head of an answer in CGI's form (RFC 3875 section 6): Status, fields, empty line.
/// Content-Length is written when `content_length` is given, and never taken from the fields.
/// Throws base::Error (internal, "invalid_response") for a status out of range, for a field that is no
/// token or holds a line break or NUL, and for fields that steer the server: Status, X-Accel-*,
/// Connection, Transfer-Encoding.
std::string encode_head(int status, const http::Fields& fields, std::optional<std::size_t> content_length);

/// Whether an answer of this status has no body (RFC 9110 section 6.4.1).
bool is_bodiless(int status) noexcept;

}  // namespace fastcgi
