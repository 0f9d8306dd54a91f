#include "rest_access/sharing.hpp"

#include "auth/publishable_key.hpp"
#include "base/error.hpp"

namespace rest_access {
namespace {

void add_origin(http::Response& response, std::string_view origin) {
    response.fields.emplace_back("Access-Control-Allow-Origin", origin);
    response.fields.emplace_back("Vary", "Origin");
}

}  // namespace

http::Response preflight(db::Database& database, const http::Request& request) {
    const auto origin = request.field("origin");
    if (origin.empty() || !auth::is_origin_of_some_key(database, origin)) {
        throw base::Error{base::Reason::forbidden, "origin_not_allowed",
                          "no publishable key is meant for pages of this origin"};
    }
    http::Response response{.status = 204,
                            .fields = {{"Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"},
                                       {"Access-Control-Allow-Headers", "Authorization, Accept"},
                                       {"Access-Control-Max-Age", "600"},
                                       {"Allow", "GET, HEAD, OPTIONS"}},
                            .body = {}};
    add_origin(response, origin);
    return response;
}

void share_with_page(http::Response& response, const http::Request& request,
                     const auth::Principal& principal) {
    if (principal.kind != auth::CredentialKind::publishable_key) return;
    add_origin(response, request.field("origin"));
    response.fields.emplace_back("Access-Control-Expose-Headers", "Retry-After, WWW-Authenticate");
}

}  // namespace rest_access
