#pragma once

#include <string>

namespace oauth {

/// The path below which protected resource metadata is served (RFC 9728 section 3).
inline constexpr const char* protected_resource_path = "/.well-known/oauth-protected-resource";

/// The URL of the metadata of the resource at `resource_path`, such as /mcp or /v1/demo.
std::string protected_resource_metadata_url(const std::string& public_url, const std::string& resource_path);

/// The metadata document (RFC 9728 section 2). `resource_path` empty means the default resource, /mcp.
std::string protected_resource_metadata(const std::string& public_url, const std::string& resource_path);

}  // namespace oauth
