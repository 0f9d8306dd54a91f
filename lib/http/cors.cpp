#include "http/cors.hpp"

namespace http {

void share_with_any_origin(Response& response) {
    response.fields.emplace_back("Access-Control-Allow-Origin", "*");
    response.fields.emplace_back("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After");
}

Response preflight_for_any_origin(std::string_view methods) {
    return {.status = 204,
            .fields = {{"Access-Control-Allow-Origin", "*"},
                       {"Access-Control-Allow-Methods", std::string{methods}},
                       {"Access-Control-Allow-Headers",
                        "Authorization, Content-Type, Accept, MCP-Protocol-Version"},
                       {"Access-Control-Max-Age", "7200"},
                       {"Allow", std::string{methods}}},
            .body = {}};
}

}  // namespace http
