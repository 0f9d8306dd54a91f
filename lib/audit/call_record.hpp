#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "auth/principal.hpp"
#include "base/clock.hpp"

namespace audit {

/// One tool call as the audit log keeps it. Of arguments and result only digests: they may hold secrets.
struct CallRecord {
    base::Uuid id;
    auth::WorkspaceId workspace;
    auth::KeyId credential;
    auth::UserId user;
    std::optional<base::Uuid> client;  ///< the OAuth client, when it called with an access token
    base::Clock::time_point at;
    std::string channel;           ///< "mcp" or "rest"
    std::string tool;              ///< the tool's name
    std::string outcome;           ///< "ok", "input_required" or the stable code of the refusal
    std::string arguments_sha256;  ///< raw, of the canonical JSON
    std::string result_sha256;     ///< raw, of the canonical JSON
    std::int64_t duration_us = 0;
};

}  // namespace audit
