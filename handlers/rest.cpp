/// REST: the mirror of every tool and the administration of a workspace, /api/v1/... and /readyz.
///
/// Exposure  public, through nginx
/// Identity  OS user and database role gatehouse_rest
/// Can       run tools, seal a secret, ask egress, ask the account handler whether a password is right
/// Cannot    open a secret, open an outbound connection

#include "audit/call_log.hpp"
#include "egress_client/egress.hpp"
#include "fastcgi/run.hpp"
#include "oauth/protected_resource.hpp"
#include "rest/mirror.hpp"
#include "rest_access/callers.hpp"
#include "rest_access/refusal.hpp"
#include "rest_access/sharing.hpp"
#include "tool/answer_cache.hpp"
#include "tool/argument_digest.hpp"
#include "tool/decoy_watch.hpp"
#include "tools/catalogue.hpp"
#include "vault/connector.hpp"

namespace {

class RestEndpoint {
public:
    explicit RestEndpoint(const base::Config& config)
        : metadata_url_{oauth::protected_resource_metadata_url(config.public_url, "/mcp")},
          database_{config.database, "gatehouse_rest"},
          call_log_{database_},
          callers_{config, database_},
          egress_{config.internal_socket},
          decoys_{database_},
          connectors_{vault::ConnectorCatalog::load(config.egress.connectors)},
          answers_{database_},
          digest_{config.keys.request_state},
          mirror_{tools::rest_catalogue(),
                  {database_, call_log_, &egress_, &connectors_, &answers_, &digest_, &decoys_}} {}

    http::Response answer(const http::Request& request, http::Exchange& exchange) {
        if (request.path == "/readyz") return readiness();
        if (request.method == http::Method::options) return rest_access::preflight(database_, request);
        std::optional<auth::Principal> principal;
        auto response = answer(request, exchange, principal);
        if (principal) rest_access::share_with_page(response, request, *principal);
        return response;
    }

private:
    http::Response answer(const http::Request& request, http::Exchange& exchange,
                          std::optional<auth::Principal>& principal) {
        try {
            principal = callers_.authenticate(request);
            return mirror_.answer(request, *principal, exchange);
        } catch (const base::Error& error) {
            auto response = rest::render_error(error);
            rest_access::complete(response, error, metadata_url_, principal ? &*principal : nullptr);
            return response;
        }
    }

    http::Response readiness() {
        static constexpr db::Statement probe{"rest.probe", "SELECT 1"};
        db::Autocommit{database_, {}}.query(probe);
        return {.fields = {{"content-type", "application/json"}}, .body = R"({"status":"ready"})"};
    }

    std::string metadata_url_;
    db::Database database_;
    audit::CallLog call_log_;
    rest_access::Callers callers_;
    egress_client::Egress egress_;
    tool::DecoyWatch decoys_;
    vault::ConnectorCatalog connectors_;
    tool::AnswerCache answers_;
    tool::ArgumentDigest digest_;
    rest::Mirror mirror_;
};

}  // namespace

int main() { return fastcgi::run<RestEndpoint>("rest", rest::render_error); }
