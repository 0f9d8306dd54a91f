#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oauth {

/// The one form of a resource indicator (RFC 8707 section 2) that is compared and stored: scheme and host in
/// lower case, no default port, no slash at the end. Nothing when it is not absolute, not http(s), has a
/// fragment or user information, or is longer than 2048 characters.
std::optional<std::string> canonical_resource(std::string_view uri);

/// The path below the origin when the canonical resource is an MCP endpoint of this server, /mcp or
/// /v1/{workspace}; nothing for every other one.
std::optional<std::string> endpoint_of_resource(const std::string& public_url, std::string_view resource);

/// What a request without `resource` asks for.
inline std::string default_resource(const std::string& public_url) { return public_url + "/mcp"; }

}  // namespace oauth
