#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tool/tool.hpp"

namespace rest {

/// The OpenAPI 3.1 document of these tools. `public_url`: the origin that serves them.
nlohmann::json openapi(const std::vector<tool::Tool>& tools, const std::string& public_url);

}  // namespace rest
