#pragma once

#include <chrono>
#include <memory>
#include <mutex>

#include "base/config.hpp"
#include "db/database.hpp"
#include "db/notified_cache.hpp"
#include "jose/signing_key.hpp"
#include "oauth/server_keys.hpp"

namespace oauth {

/// The private keys that sign access tokens. They lie in PostgreSQL, sealed for the token endpoint alone,
/// which makes them as they are needed: the first one signs at once; each next one is published well before
/// it signs, and stays published until the last token it signed has expired. Of many processes one makes a
/// key; all of them sign with the same. Safe from any thread.
class SigningKeys {
public:
    SigningKeys(db::Database& database, const ServerKeys& keys, const base::Config::Tokens& settings);

    /// The key that signs now. Asks the database once a minute, and as soon as a key was taken back. Throws
    /// base::Error (internal, "signing_key_unusable") when the stored keys were sealed under a key that is
    /// gone.
    std::shared_ptr<const jose::SigningKey> current();

private:
    using Time = std::chrono::system_clock::time_point;
    struct Stored;

    Stored find_stored();
    std::shared_ptr<const jose::SigningKey> look();
    void add_after(const std::string& newest);

    db::Database& database_;
    const ServerKeys& keys_;
    base::Config::Tokens settings_;
    std::mutex mutex_;
    std::shared_ptr<const jose::SigningKey> opened_;
    db::NotifiedCache<std::shared_ptr<const jose::SigningKey>> current_;
};

}  // namespace oauth
