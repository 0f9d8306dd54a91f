#include "mcp/initialize.hpp"

#include "mcp/capabilities.hpp"
#include "mcp/params.hpp"

namespace mcp {

Initialization initialize(const Server& server, const json& params) {
    const auto asked = revision_of(require_string(params, "protocolVersion"));
    Initialization begun{.session = {.id = base::Uuid::create(), .client = {}}, .result = json::object()};
    auto& client = begun.session.client;
    client.revision = asked && !is_modern(*asked) ? *asked : newest_legacy;
    if (const json* capabilities = find_object(params, "capabilities")) client.capabilities = *capabilities;

    begun.result["protocolVersion"] = text_of(client.revision);
    begun.result["capabilities"] = capabilities_of(server);
    begun.result["serverInfo"] = identity_of(server);
    if (!server.instructions.empty()) begun.result["instructions"] = server.instructions;
    return begun;
}

}  // namespace mcp
