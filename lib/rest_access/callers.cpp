#include "rest_access/callers.hpp"

#include "auth/publishable_key.hpp"
#include "base/error.hpp"
#include "jose/jwt.hpp"
#include "rest_access/user_token.hpp"

namespace rest_access {
namespace {

/// A browser that knows a password sends it along whichever page makes it ask.
void refuse_browser(const http::Request& request) {
    if (!request.has_field("origin") && !request.has_field("sec-fetch-site")) return;
    throw base::Error{base::Reason::forbidden, "origin_not_allowed",
                      "a password is taken from programs alone; a page sends a user token"};
}

}  // namespace

Callers::Callers(const base::Config& config, db::Database& database)
    : user_token_audience_{config.public_url + "/api/v1"},
      database_{database},
      authenticator_{database, config.public_url},
      passwords_{config.internal_socket} {}

bool Callers::is_user_token(std::string_view token) const {
    if (!auth::AccessTokens::has_form_of(token)) return false;
    const auto claims = jose::read_unverified(token);
    return claims && claims->texts("aud") == std::vector{user_token_audience_};
}

auth::Principal Callers::authenticate(const http::Request& request) {
    const auto credential = auth::presented_credential(request);
    auth::Principal principal;
    if (credential.scheme == "basic") {
        principal = by_password(request, credential.text);
    } else if (credential.scheme == "bearer" && auth::has_form_of_publishable_key(credential.text)) {
        principal = auth::find_publishable_key(database_, credential.text, request.field("origin"));
    } else if (credential.scheme == "bearer" && is_user_token(credential.text)) {
        principal = require_user_token(database_, credential.text, request.field("workspace"));
    } else {
        return authenticator_.authenticate(request);
    }
    auth::check_user(request, principal);
    return principal;
}

auth::Principal Callers::by_password(const http::Request& request, std::string_view credentials) {
    refuse_browser(request);
    const auto known = passwords_.token_for(credentials, request.remote_address);
    const auto workspace = request.field("workspace");
    if (auto principal = find_user_token(database_, known.reveal(), workspace)) return *std::move(principal);
    passwords_.forget(credentials);
    const auto renewed = passwords_.token_for(credentials, request.remote_address);
    return require_user_token(database_, renewed.reveal(), workspace);
}

}  // namespace rest_access
