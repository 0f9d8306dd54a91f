#include "oauth/form_endpoint.hpp"

#include "base/error.hpp"
#include "http/cors.hpp"
#include "oauth/client_authentication.hpp"
#include "oauth/error.hpp"

namespace oauth {
namespace {

http::Response method_not_allowed() {
    auto response = render_error(refusal("invalid_request", "this endpoint takes POST"));
    response.status = 405;
    response.fields.emplace_back("Allow", "POST, OPTIONS");
    return response;
}

}  // namespace

http::Response answer_form(const http::Request& request,
                           const std::function<http::Response(const Parameters&)>& answer) {
    if (request.method == http::Method::options) return http::preflight_for_any_origin("POST, OPTIONS");
    if (request.method != http::Method::post) return method_not_allowed();
    try {
        return answer(Parameters::of_form(request));
    } catch (const base::Error& error) {
        if (error.code() != "invalid_client" || !used_basic(request)) throw;
        auto response = render_error(error);
        response.fields.emplace_back("WWW-Authenticate", "Basic realm=\"Gatehouse\"");
        return response;
    }
}

http::Response json_response(std::string body) {
    http::Response response;
    if (!body.empty()) response.fields.emplace_back("Content-Type", "application/json");
    response.fields.emplace_back("Cache-Control", "no-store");
    response.fields.emplace_back("Pragma", "no-cache");
    response.body = std::move(body);
    http::share_with_any_origin(response);
    return response;
}

}  // namespace oauth
