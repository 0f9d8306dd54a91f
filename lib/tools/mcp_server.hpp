#pragma once

#include <string>
#include <vector>

#include "mcp/server.hpp"

namespace tools {

/// What the product's MCP endpoint serves: the catalogue of tools, the services of the caller's workspace and
/// the OpenAPI document as resources, and prompts about services. `public_url` is the origin that serves it.
mcp::Server mcp_server(const std::string& public_url);

/// gatehouse://services/{name} and gatehouse://openapi.json.
mcp::ResourceProvider resources(const std::string& public_url);

std::vector<mcp::Prompt> prompts();

/// The names of the caller's services that begin with what was typed.
std::vector<std::string> complete_service_name(const std::string& typed, tool::Call& call);

}  // namespace tools
