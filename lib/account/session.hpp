#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/principal.hpp"
#include "base/clock.hpp"
#include "db/session.hpp"
#include "http/request.hpp"

namespace account {

struct SessionTag {
    static constexpr std::string_view prefix = "ses";
};
using SessionId = base::Id<SessionTag>;

/// The cookie of a login session: 256 random bits in base64url.
inline constexpr std::string_view session_cookie = "__Host-gatehouse_session";

/// Someone signed in with a browser. It ends at logout, 24 hours after it was last seen, and 30 days after it
/// began.
struct LoginSession {
    SessionId id;
    auth::UserId user;
    std::string email;
    std::string name;
    std::vector<std::string> methods;  ///< RFC 8176, such as pwd, otp, mfa, fed
    base::Clock::time_point authenticated_at;
};

/// Somebody who has shown the first factor.
struct FirstFactor {
    auth::UserId user;
    bool wants_second = false;
    std::optional<std::string> password_hash = {};  ///< what the password was held against, if that was it
};

/// In the transaction that lets them in: throws base::Error (unauthenticated, "login_failed") when the
/// password has changed since, and keeps it from changing until the transaction ends.
void require_same_password(db::Session& transaction, const FirstFactor& first);

/// The live session that the request's cookie names. One statement, account.find_login_session, which is all
/// that a role needs to be granted.
std::optional<LoginSession> find_session(db::Session& session, const http::Request& request);

/// The same by the raw SHA-256 of a user token (account/user_token.hpp).
std::optional<LoginSession> find_session(db::Session& session, const std::string& digest);

/// Begins a session under a new id and ends the one the request came with (session fixation). Returns the
/// Set-Cookie value. The user is signed in once the transaction commits.
std::string begin_session(db::Session& session, const auth::UserId& user,
                          const std::vector<std::string>& methods, const http::Request& request);

/// Ends the session the request came with, if any. Returns the Set-Cookie value that makes the browser
/// forget.
std::string end_session(db::Session& session, const http::Request& request);

/// Ends the sessions of a user, all or all but one.
void end_sessions(db::Session& session, const auth::UserId& user,
                  const std::optional<SessionId>& except = std::nullopt);

/// Where to send a browser that must sign in first: /login, which comes back to `path` (own path and query).
std::string login_path(std::string_view path);

}  // namespace account
