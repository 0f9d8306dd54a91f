#include "oauth/error.hpp"

#include <algorithm>
#include <array>

#include "http/cors.hpp"
#include "http/json_text.hpp"
#include "http/problem.hpp"

namespace oauth {
namespace {

constexpr std::array<std::string_view, 22> published{
    "access_denied",
    "authorization_pending",
    "consent_required",
    "interaction_required",
    "invalid_client",
    "invalid_client_metadata",
    "invalid_grant",
    "invalid_redirect_uri",
    "invalid_request",
    "invalid_scope",
    "invalid_software_statement",
    "invalid_target",
    "invalid_token",
    "login_required",
    "server_error",
    "slow_down",
    "temporarily_unavailable",
    "unapproved_software_statement",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "unsupported_token_type",
};

}  // namespace

base::Error refusal(std::string code, const std::string& description) {
    const auto reason =
        code == "invalid_client" ? base::Reason::unauthenticated : base::Reason::invalid_input;
    return base::Error{reason, std::move(code), description};
}

std::string_view error_code_of(const base::Error& error) noexcept {
    using enum base::Reason;
    const auto known = std::ranges::find(published, error.code());
    if (known != published.end()) return *known;
    switch (error.reason()) {
        case unauthenticated:
            return "invalid_token";
        case rate_limited:
        case unavailable:
        case upstream_failed:
            return "temporarily_unavailable";
        case internal:
            return "server_error";
        case forbidden:
        case insufficient_scope:
            return "access_denied";
        case invalid_input:
        case not_found:
        case conflict:
        case too_large:
            return "invalid_request";
    }
    return "server_error";
}

std::string error_description_of(std::string_view text) {
    std::string description{text};
    for (char& c : description) {
        if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') c = c == '"' ? '\'' : ' ';
    }
    return description;
}

http::Response render_error(const base::Error& error) {
    std::string body = "{\"error\":";
    http::append_json_string(body, error_code_of(error));
    body += ",\"error_description\":";
    http::append_json_string(body, error_description_of(error.what()));
    body += '}';
    http::Response response{.status = http::status_of(error.reason()),
                            .fields = {{"Content-Type", "application/json"},
                                       {"Cache-Control", "no-store"},
                                       {"Pragma", "no-cache"}},
                            .body = std::move(body)};
    if (response.status == 429 || response.status == 503) response.fields.emplace_back("Retry-After", "1");
    http::share_with_any_origin(response);
    return response;
}

}  // namespace oauth
