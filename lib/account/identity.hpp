#pragma once

#include <string>

namespace account {

/// What a sign-in provider said of a person, verified (OpenID Connect Core section 2).
struct Identity {
    std::string issuer;
    std::string subject;
    std::string email;
    bool is_email_verified = false;
    std::string name;
};

}  // namespace account
