#pragma once

#include "http/request.hpp"

namespace mcp {

/// In which forms a client takes an answer. A stream must be named: a wildcard is not enough.
struct Acceptance {
    bool json = true;
    bool stream = false;
    bool stream_first = false;  ///< both, and it names the stream before JSON
};

Acceptance acceptance_of(const http::Request& request) noexcept;

}  // namespace mcp
