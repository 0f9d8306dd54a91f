#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "auth/principal.hpp"

namespace auth {

/// Live credentials of this process, by what was presented. An entry is trusted for a few seconds at most,
/// and only as long as nothing was forgotten between the question to the database and its answer.
class CredentialCache {
public:
    using Time = std::chrono::system_clock::time_point;

    /// Take it before asking the database; hand it to remember().
    using Generation = std::uint64_t;
    Generation generation() const noexcept { return generation_; }

    std::optional<Principal> find(const std::string& digest, Time now) const;
    /// Does nothing when forget_all() was called since `asked`. `until`: when the credential itself expires.
    void remember(const std::string& digest, const Principal& principal, Generation asked, Time until);
    void forget_all();

private:
    struct Entry {
        Principal principal;
        Time until;
    };
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;
    std::atomic<Generation> generation_ = 0;
};

}  // namespace auth
