#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "http/request.hpp"

namespace fastcgi {

inline constexpr std::size_t max_body_size = std::size_t{16} << 20;

/// Reads up to `size` bytes of the body; fewer only at its end.
using ReadBody = std::function<std::size_t(char* buffer, std::size_t size)>;

struct Body {
    std::string bytes;
    bool is_too_large = false;  ///< over max_body_size; `bytes` is empty then
    bool is_drained = false;    ///< nothing of it is left unread
};

/// Reads the body whole. What is over max_body_size is read and dropped within reason, so that the
/// connection stays usable. `announced` is its length when known, for one allocation.
Body read_body(const ReadBody& read, std::size_t announced);

/// CONTENT_LENGTH of a parameter list ("NAME=value", ended by a null pointer); 0 when it is absent or no
/// number.
std::size_t content_length(const char* const* parameters);

/// The request in a parameter list and its body (RFC 3875 section 4.1, as nginx fills it).
/// Throws base::Error: invalid_input for a repeated or malformed field and for a body that is shorter than
/// announced, too_large for one over max_body_size.
http::Request decode(const char* const* parameters, Body body);

}  // namespace fastcgi
