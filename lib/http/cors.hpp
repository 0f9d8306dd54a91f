#pragma once

#include <string_view>

#include "http/response.hpp"

namespace http {

/// Lets any page read the answer (Fetch standard, CORS). Only for endpoints that look at no cookie.
void share_with_any_origin(Response& response);

/// The answer to a preflight request of any page. `methods` such as "GET, OPTIONS".
Response preflight_for_any_origin(std::string_view methods);

}  // namespace http
