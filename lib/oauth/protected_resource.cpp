#include "oauth/protected_resource.hpp"

#include <nlohmann/json.hpp>

#include "schema/json.hpp"

namespace oauth {

std::string protected_resource_metadata_url(const std::string& public_url, const std::string& resource_path) {
    return public_url + protected_resource_path + resource_path;
}

std::string protected_resource_metadata(const std::string& public_url, const std::string& resource_path) {
    using nlohmann::json;
    return schema::dump(json{
        {"resource", public_url + (resource_path.empty() ? "/mcp" : resource_path)},
        {"resource_name", "Gatehouse"},
        {"authorization_servers", json::array({public_url})},
        {"scopes_supported", json::array({"mcp.read", "mcp.write"})},
        {"bearer_methods_supported", json::array({"header"})},
    });
}

}  // namespace oauth
