#pragma once

#include <optional>
#include <string>

#include "auth/principal.hpp"
#include "base/secret.hpp"
#include "db/session.hpp"

namespace account {

/// A person.
struct User {
    auth::UserId id;
    std::string email;
    std::string name;
};

/// Throws base::Error (conflict, "user_exists"). Addresses are compared without regard to case.
User create_user(db::Session& session, const std::string& email, const std::string& name,
                 const base::Secret& password);

std::optional<User> find_user(db::Session& session, const std::string& email);

void set_password(db::Session& session, const auth::UserId& id, const base::Secret& password);

}  // namespace account
