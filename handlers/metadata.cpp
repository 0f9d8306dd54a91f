/// Discovery documents: protected resource metadata (RFC 9728), authorization server metadata (RFC 8414),
/// the keys that verify access tokens (RFC 7517) and the OpenAPI document.
///
/// Exposure  public, through nginx
/// Identity  OS user and database role gatehouse_metadata
/// Can       answer what is known at start, and the public keys in PostgreSQL
/// Cannot    read anything else there

#include "oauth/metadata.hpp"
#include "account_messages/operation.hpp"
#include "fastcgi/run.hpp"
#include "http/cors.hpp"
#include "http/problem.hpp"
#include "oauth/protected_resource.hpp"
#include "oauth/published_keys.hpp"
#include "rest/openapi.hpp"
#include "schema/json.hpp"
#include "tools/catalogue.hpp"

namespace {

std::string openapi_document(const std::string& public_url) {
    auto document = rest::openapi(tools::rest_catalogue(), public_url);
    account_messages::describe(document);
    return schema::dump(document);
}

http::Response document(std::string body) {
    http::Response response{
        .fields = {{"content-type", "application/json"}, {"cache-control", "public, max-age=300"}},
        .body = std::move(body)};
    http::share_with_any_origin(response);
    return response;
}

http::Response refuse_method() {
    auto response = http::render(
        {.status = 405, .code = "method_not_allowed", .detail = "only GET is served here", .errors = {}});
    response.fields.emplace_back("Allow", "GET, HEAD, OPTIONS");
    return response;
}

class MetadataEndpoint {
public:
    explicit MetadataEndpoint(const base::Config& config)
        : public_url_{config.public_url},
          database_{config.database, "gatehouse_metadata"},
          openapi_{openapi_document(config.public_url)},
          authorization_server_{oauth::authorization_server_metadata(config)} {}

    http::Response answer(const http::Request& request, http::Exchange&) {
        const std::string prefix = oauth::protected_resource_path;
        if (request.method == http::Method::options) return http::preflight_for_any_origin("GET, OPTIONS");
        if (request.method != http::Method::get && request.method != http::Method::head) {
            return refuse_method();
        }
        if (request.path == "/api/v1/openapi.json") return document(openapi_);
        if (request.path == "/oauth/jwks") return document(keys_.text());
        if (request.path.starts_with(prefix)) {
            return document(
                oauth::protected_resource_metadata(public_url_, request.path.substr(prefix.size())));
        }
        if (oauth::is_authorization_server_metadata_path(request.path))
            return document(authorization_server_);
        throw base::Error{base::Reason::not_found, "route_not_found", "there is nothing at this path"};
    }

private:
    std::string public_url_;
    db::Database database_;
    oauth::PublishedKeys keys_{database_};
    std::string openapi_;
    std::string authorization_server_;
};

}  // namespace

int main() { return fastcgi::run<MetadataEndpoint>("metadata", http::render_problem); }
