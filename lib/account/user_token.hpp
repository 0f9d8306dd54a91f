#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/session.hpp"
#include "crypto/sealed_token.hpp"
#include "db/database.hpp"

namespace account {

inline constexpr std::chrono::seconds user_token_lifetime{24 * 3600};

/// A user token just issued: a JWT that acts for a person at our own REST interface.
struct UserToken {
    std::string text;
    base::Clock::time_point expires_at;
};

/// Issues user tokens and finds out whose they are. A token is signed (ES256) and also a login session, found
/// by the SHA-256 of its whole text: that row alone decides whether it is good, so logout, a new password and
/// time end it at once. Safe from any thread.
class UserTokens {
public:
    /// `issuer`: our public origin. The signing key is made when first needed, sealed under `key_file`.
    UserTokens(db::Database& database, const std::filesystem::path& key_file, std::string issuer);
    ~UserTokens();

    /// Throws base::Error (unauthenticated, "login_failed").
    UserToken issue(const FirstFactor& first, const std::vector<std::string>& methods,
                    std::chrono::seconds lifetime = user_token_lifetime);
    std::optional<LoginSession> find(std::string_view token);
    void end(const SessionId& id);

private:
    class Keys;
    db::Database& database_;
    std::string issuer_;
    std::unique_ptr<Keys> keys_;
};

}  // namespace account
