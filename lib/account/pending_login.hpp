#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/principal.hpp"
#include "db/session.hpp"
#include "http/request.hpp"

namespace account {

/// Someone who has shown the first factor in a browser and must show the second, within ten minutes.
struct PendingLogin {
    auth::UserId user;
    std::vector<std::string> methods;  ///< RFC 8176, so far
    std::string come_back;             ///< own path to go to afterwards
};

/// Returns the Set-Cookie value that leads back to it. It is no session: nothing but /login/code looks at it.
/// It ends with the password that began it.
std::string begin_pending_login(db::Session& session, const PendingLogin& login);
std::optional<PendingLogin> find_pending_login(db::Session& session, const http::Request& request);
/// Returns the Set-Cookie value that makes the browser forget it; nothing when it has ended already.
std::optional<std::string> end_pending_login(db::Session& session, const http::Request& request);

}  // namespace account
