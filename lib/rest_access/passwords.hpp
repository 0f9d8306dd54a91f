#pragma once

#include <array>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/secret.hpp"

namespace rest_access {

/// Exchanges mail address and password for a user token, at the account handler, which counts and slows down
/// attempts as those of a login. What was right is remembered for some minutes under a digest that is keyed
/// anew in each process; what was wrong is not. Safe from any thread.
class Passwords {
public:
    /// Does not connect.
    explicit Passwords(std::filesystem::path internal_socket);

    /// `credentials`: the base64 of an Authorization: Basic field. `address`: from where the request comes.
    /// Throws base::Error as Callers::authenticate.
    base::Secret token_for(std::string_view credentials, const std::string& address);
    void forget(std::string_view credentials);

private:
    struct Entry {
        base::Secret token;
        base::Clock::time_point until;
    };

    std::string digest_of(std::string_view credentials) const;
    std::optional<base::Secret> find(const std::string& digest) const;
    void remember(const std::string& digest, const base::Secret& token);

    std::filesystem::path internal_socket_;
    base::Secret key_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;
    std::array<std::mutex, 64> flights_;  ///< one exchange at a time for the same credentials
};

}  // namespace rest_access
