/// The stdio bridge for desktop clients: MCP on standard input and output, Gatehouse over HTTPS.
///
/// Exposure  the desktop client that starts it
/// Identity  the user's
/// Can       reach the Gatehouse named by GATEHOUSE_URL with the key in GATEHOUSE_API_KEY
/// Cannot    do more than that key

#include <sys/prctl.h>

#include <iostream>

#include "base/error.hpp"
#include "bridge/bridge.hpp"

namespace {

constexpr const char* help = R"(usage: gatehouse-mcp

Connects a desktop MCP client (standard input and output) to Gatehouse.

environment:
  GATEHOUSE_URL      https://host for the credential's active workspace, or https://host/v1/WORKSPACE
  GATEHOUSE_API_KEY  an API key, ghk_...
  GATEHOUSE_CA       a CA certificate to trust besides the system's (optional)

options:
  --help, --version
)";

}  // namespace

int main(int argc, char** argv) {
    const std::string_view option = argc > 1 ? argv[1] : "";
    if (option == "--version") {
        std::cout << "gatehouse-mcp " << GATEHOUSE_VERSION << '\n';
        return 0;
    }
    if (!option.empty()) {
        (option == "--help" ? std::cout : std::cerr) << help;
        return option == "--help" ? 0 : 2;
    }
    prctl(PR_SET_DUMPABLE, 0);
    std::ios::sync_with_stdio(false);
    try {
        const auto settings = bridge::Settings::from_environment();
        bridge::Transport transport{settings};
        bridge::Bridge{transport, std::cout, std::cerr}.serve(std::cin);
        return 0;
    } catch (const base::Error& error) {
        std::cerr << "gatehouse-mcp: " << error.what() << '\n';
        return 1;
    }
}
