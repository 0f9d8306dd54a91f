#pragma once

#include <string_view>

namespace http_syntax {

/// One of the methods that may be sent; anything else cannot be named.
struct Method {
    const char* name;
    bool has_body;       ///< whether a request of this method may carry one
    bool is_idempotent;  ///< RFC 9110 section 9.2.2
};

/// Nothing unless `name` is exactly GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.
const Method* find_method(std::string_view name) noexcept;

}  // namespace http_syntax
