#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/principal.hpp"
#include "base/secret.hpp"
#include "db/session.hpp"

namespace account {

/// A person.
struct User {
    auth::UserId id;
    std::string email;
    std::string name;
    bool is_activated = true;
    bool is_disabled = false;
};

/// Throws base::Error (conflict, "user_exists"). Addresses are compared without regard to case.
User create_user(db::Session& session, const std::string& email, const std::string& name,
                 const base::Secret& password);

std::optional<User> find_user(db::Session& session, const std::string& email);

/// At most `most` of them, in the order of their addresses, after the address `after`; without the service
/// users of OAuth clients.
std::vector<User> list_users(db::Session& session, const std::string& after, int most);

/// Shuts a user out: sessions and codes end, and tokens and keys that act for them are refused, in every
/// process within a second, until they are enabled again.
void set_disabled(db::Session& session, const auth::UserId& id, bool disabled);

void set_password(db::Session& session, const auth::UserId& id, const base::Secret& password);

}  // namespace account
