#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "db/database.hpp"

namespace oauth {

/// The JSON Web Key Set of the keys that verify access tokens. Asks the database every few seconds at most
/// and goes on with what it knows while the database is away. Safe from any thread.
class PublishedKeys {
public:
    explicit PublishedKeys(db::Database& database) : database_{database} {}

    /// Throws as db::Session does when it never had an answer.
    std::string text();

private:
    db::Database& database_;
    std::mutex mutex_;
    std::string text_;
    std::chrono::steady_clock::time_point look_again_at_;
};

}  // namespace oauth
