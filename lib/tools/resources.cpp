#include "rest/openapi.hpp"
#include "schema/json.hpp"
#include "schema/schema.hpp"
#include "tools/catalogue.hpp"
#include "tools/mcp_server.hpp"
#include "tools/service_view.hpp"
#include "vault/service.hpp"

namespace tools {
namespace {

using json = nlohmann::json;

constexpr std::string_view service_prefix = "gatehouse://services/";
constexpr const char* service_template = "gatehouse://services/{name}";
constexpr const char* openapi_uri = "gatehouse://openapi.json";

json describe(const vault::Service& service) {
    json resource{
        {"uri", std::string{service_prefix} + service.name},
        {"name", service.name},
        {"title", "Service " + service.name},
        {"mimeType", "application/json"},
    };
    if (!service.description.empty()) resource["description"] = service.description;
    return resource;
}

json list(tool::Call& call) {
    json resources = json::array();
    resources.push_back({
        {"uri", openapi_uri},
        {"name", "openapi.json"},
        {"title", "REST API"},
        {"description", "The OpenAPI 3.1 document of the REST API, which mirrors every tool."},
        {"mimeType", "application/json"},
    });
    for (const auto& service : vault::list_services(call.db())) resources.push_back(describe(service));
    return resources;
}

json contents_of(const std::string& uri, std::string text) {
    return json::array({{{"uri", uri}, {"mimeType", "application/json"}, {"text", std::move(text)}}});
}

std::optional<json> read(const std::string& uri, const std::string& openapi, tool::Call& call) {
    if (uri == openapi_uri) return contents_of(uri, openapi);
    if (!uri.starts_with(service_prefix)) return std::nullopt;
    auto service = vault::find_service(call.db(), std::string_view{uri}.substr(service_prefix.size()));
    if (!service) return std::nullopt;
    return contents_of(uri, schema::dump(schema::encode(view_of(*std::move(service)))));
}

}  // namespace

mcp::ResourceProvider resources(const std::string& public_url) {
    const auto openapi = schema::dump(rest::openapi(rest_catalogue(), public_url));
    return {
        .list = list,
        .templates = json::array(
            {{{"uriTemplate", service_template},
              {"name", "service"},
              {"title", "Service"},
              {"description", "What a service is for and where it may be called. Holds no secret."},
              {"mimeType", "application/json"}}}),
        .read = [openapi](const std::string& uri, tool::Call& call) -> mcp::ReadOutcome {
            return read(uri, openapi, call);
        },
        .complete = [](const std::string&, const mcp::CompletionQuery& query,
                       tool::Call& call) { return complete_service_name(query.value, call); },
    };
}

std::vector<std::string> complete_service_name(const std::string& typed, tool::Call& call) {
    std::vector<std::string> names;
    for (auto& service : vault::list_services(call.db())) {
        if (service.name.starts_with(typed)) names.push_back(std::move(service.name));
    }
    return names;
}

}  // namespace tools
