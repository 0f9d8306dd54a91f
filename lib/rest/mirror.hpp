#pragma once

#include <vector>

#include "auth/principal.hpp"
#include "base/error.hpp"
#include "http/exchange.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "tool/call.hpp"
#include "tool/tool.hpp"

namespace rest {

/// The prefix of every REST path.
inline constexpr std::string_view base_path = "/api/v1";

/// Every tool as a REST operation: 200 with the structured result, or a problem (RFC 9457).
class Mirror {
public:
    Mirror(std::vector<tool::Tool> tools, tool::Environment environment)
        : tools_{std::move(tools)}, environment_{environment} {}

    /// A path that exists without the method is answered 405 with Allow. Throws base::Error: not_found
    /// "route_not_found"; what arguments_of and tool::invoke throw.
    http::Response answer(const http::Request& request, const auth::Principal& principal,
                          http::Exchange& exchange) const;

private:
    std::vector<tool::Tool> tools_;
    tool::Environment environment_;
};

/// How REST spells a failure: problem+json; wrong arguments are 422, a wrong method 405.
http::Response render_error(const base::Error& error);

}  // namespace rest
