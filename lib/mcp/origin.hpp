#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace mcp {

/// Which hosts this endpoint answers to and which web origins may call it: the guard against DNS rebinding
/// (Streamable HTTP: Security) and the CORS answers that go with it.
class Origins {
public:
    explicit Origins(const base::Config& config);

    /// Throws base::Error (forbidden): "host_not_allowed", "origin_not_allowed".
    void check(const http::Request& request) const;

    /// What a page of the request's origin may read; empty without an Origin field.
    http::Fields sharing_fields(const http::Request& request) const;
    /// The answer to OPTIONS.
    http::Response preflight(const http::Request& request) const;

private:
    std::vector<std::string> hosts_;
    std::vector<std::string> origins_;
};

}  // namespace mcp
