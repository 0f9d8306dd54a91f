#pragma once

#include <string>

#include "auth/authenticator.hpp"
#include "auth/principal.hpp"
#include "base/config.hpp"
#include "db/database.hpp"
#include "http/request.hpp"
#include "rest_access/passwords.hpp"

namespace rest_access {

/// Finds out who calls REST. Beyond what auth::Authenticator takes (an API key, an access token):
///
/// - a user token (Bearer, from /api/v1/auth/login or /auth/token), which may do what its user may. It names
///   no workspace: the field `Workspace` does, by slug or public id, for who is a member of more than one;
/// - HTTP Basic (RFC 7617) with mail address and password, refused where two-factor sign-in is on. A process
///   exchanges it for a user token of its own and keeps that for some minutes, so that a password is hashed
///   once for many requests. Programs alone may, no pages;
/// - a publishable key, from a web page of one of its origins.
///
/// Safe from any thread.
class Callers {
public:
    Callers(const base::Config& config, db::Database& database);

    /// Throws base::Error: unauthenticated as auth::Authenticator, "login_failed", "two_factor_required";
    /// forbidden "account_not_activated", "origin_not_allowed"; invalid_input "workspace_missing";
    /// not_found "workspace_not_found"; rate_limited (Throttled); unavailable "login_unavailable" and as
    /// account::Accounts.
    auth::Principal authenticate(const http::Request& request);

private:
    auth::Principal by_password(const http::Request& request, std::string_view credentials);
    bool is_user_token(std::string_view token) const;

    std::string user_token_audience_;
    db::Database& database_;
    auth::Authenticator authenticator_;
    Passwords passwords_;
};

}  // namespace rest_access
