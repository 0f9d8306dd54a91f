#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "mcp/logging.hpp"
#include "mcp/revision.hpp"

namespace mcp {

using json = nlohmann::json;

/// What a client says about itself: in each request's metadata, or once in `initialize`.
struct Client {
    Revision revision = Revision::r2026_07_28;
    json capabilities = json::object();
    json info = json::object();         ///< name and version; told by the client, verified by nobody
    std::optional<LogLevel> log_level;  ///< least severe level it wants; none: no log messages
};

}  // namespace mcp
