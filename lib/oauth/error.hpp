#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "http/response.hpp"

namespace oauth {

/// A refusal with one of OAuth's published codes (RFC 6749 section 5.2, RFC 7591 section 3.2.2, RFC 8707
/// section 2, ...): unauthenticated for invalid_client, else invalid_input.
base::Error refusal(std::string code, const std::string& description);

/// The JSON that OAuth endpoints fail with: error, error_description; never cached, readable by any page.
/// A code that OAuth does not know becomes invalid_request, temporarily_unavailable or server_error.
http::Response render_error(const base::Error& error);

/// The code that OAuth knows for a failure.
std::string_view error_code_of(const base::Error& error) noexcept;

/// What error_description may hold (RFC 6749 appendix A.8): every other byte becomes a space.
std::string error_description_of(std::string_view text);

}  // namespace oauth
