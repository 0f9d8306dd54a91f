#include "tools/mcp_server.hpp"

#include "tools/catalogue.hpp"

namespace tools {
namespace {

constexpr const char* instructions =
    "Gatehouse calls services on your behalf and adds their credentials itself, so that you never see one. "
    "Begin with list_services to learn what this workspace has. Use call_service with a service's name, a "
    "method "
    "and a URL within the service's origins; send no credential of your own. When a call is refused by the "
    "service, "
    "check_credential_status says whether the credential still works. get_credentials is for the rare "
    "service that "
    "an administrator marked as revealable.";

}  // namespace

mcp::Server mcp_server(const std::string& public_url) {
    return {
        .name = "gatehouse",
        .title = "Gatehouse",
        .version = GATEHOUSE_VERSION,
        .instructions = instructions,
        .tools = catalogue(),
        .resources = resources(public_url),
        .prompts = prompts(),
    };
}

}  // namespace tools
