/// The MCP endpoint: /mcp and /v1/{workspace}.
///
/// Exposure  public, through nginx
/// Identity  OS user and database role gatehouse_mcp
/// Can       find out who calls, run the tools, ask egress to perform a call
/// Cannot    open a secret, open an outbound connection

#include "audit/call_log.hpp"
#include "auth/authenticator.hpp"
#include "egress_client/egress.hpp"
#include "fastcgi/run.hpp"
#include "mcp/endpoint.hpp"
#include "mcp/error.hpp"
#include "tool/answer_cache.hpp"
#include "tool/decoy_watch.hpp"
#include "tools/mcp_server.hpp"
#include "vault/connector.hpp"

namespace {

/// The workspace that the path names; empty for /mcp.
std::string_view slug_of(std::string_view path) {
    constexpr std::string_view prefix = "/v1/";
    return path.starts_with(prefix) ? path.substr(prefix.size()) : std::string_view{};
}

class McpEndpoint {
public:
    explicit McpEndpoint(const base::Config& config)
        : public_url_{config.public_url},
          database_{config.database, "gatehouse_mcp"},
          call_log_{database_},
          egress_{config.internal_socket},
          authenticator_{database_, config.public_url},
          decoys_{database_},
          connectors_{vault::ConnectorCatalog::load(config.egress.connectors)},
          answers_{database_},
          server_{tools::mcp_server(config.public_url)},
          endpoint_{config,
                    server_,
                    {database_, call_log_, &egress_, &connectors_, &answers_, nullptr, &decoys_},
                    [this](const http::Request& request) { return caller_of(request); }} {}

    http::Response answer(http::Request& request, http::Exchange& exchange) {
        return endpoint_.answer(request, exchange);
    }

private:
    auth::Principal caller_of(const http::Request& request) {
        auto principal = authenticator_.authenticate(request);
        auth::require_resource(principal, public_url_ + request.path);
        auth::require_mcp(principal, slug_of(request.path));
        return principal;
    }

    std::string public_url_;
    db::Database database_;
    audit::CallLog call_log_;
    egress_client::Egress egress_;
    auth::Authenticator authenticator_;
    tool::DecoyWatch decoys_;
    vault::ConnectorCatalog connectors_;
    tool::AnswerCache answers_;
    mcp::Server server_;
    mcp::Endpoint endpoint_;
};

}  // namespace

int main() { return fastcgi::run<McpEndpoint>("mcp", mcp::render_error); }
