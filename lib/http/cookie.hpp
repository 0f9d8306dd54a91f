#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "http/request.hpp"

namespace http {

/// The value of a cookie the browser sent (RFC 6265 section 5.4), or empty when it is absent or came more
/// than once: then someone else may have set one of them.
std::string cookie_of(const Request& request, std::string_view name);

/// A Set-Cookie value with Secure, HttpOnly, SameSite=Lax and Path=/ and no Domain, as the name's prefix
/// `__Host-` demands. Without an age it ends with the browser's session.
/// REQUIRES: `value` is of base64url characters.
std::string set_cookie(std::string_view name, std::string_view value,
                       std::optional<std::chrono::seconds> age = std::nullopt);
/// A Set-Cookie value that makes the browser forget the cookie.
std::string forget_cookie(std::string_view name);

}  // namespace http
