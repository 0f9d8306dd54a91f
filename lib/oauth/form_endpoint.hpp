#pragma once

#include <functional>

#include "http/request.hpp"
#include "http/response.hpp"
#include "oauth/parameters.hpp"

namespace oauth {

/// What the endpoints have in common to which clients POST a form: preflight requests of any page, 405 for
/// other methods, a challenge for HTTP Basic when that is how the client failed to authenticate.
http::Response answer_form(const http::Request& request,
                           const std::function<http::Response(const Parameters&)>& answer);

/// 200 with a JSON text, or with nothing; never cached, readable by any page.
http::Response json_response(std::string body);

}  // namespace oauth
