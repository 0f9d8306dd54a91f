#pragma once

#include <condition_variable>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "db/database.hpp"
#include "http_client/client.hpp"
#include "vault_grant/holder.hpp"
#include "vault_grant/store.hpp"
#include "vault_keys/workspace_key.hpp"

namespace vault_grant {

/// An access token in the clear, and which one it is.
struct AccessToken {
    base::Secret secret;
    std::int64_t version = 0;
    std::optional<Token::Time> issued_at;
};

/// Hands out access tokens and renews them: each exactly once, whatever the number of threads, processes and
/// hosts that want it. No transaction is open and no connection is held while a provider is asked. A token
/// that is still valid is handed out at once; one that is soon over is renewed behind the call.
/// Safe from any thread.
class Tokens {
public:
    Tokens(db::Database& database, const vault_keys::KeyEncryption& key_encryption,
           http_client::Client& client);
    ~Tokens();

    /// Renews first, or waits for who renews, when the one there is is over. `token`: as just read.
    ///
    /// Throws base::Error: forbidden "credential_needs_reconnect", "credential_misconfigured",
    /// "credential_revoked"; unavailable "credential_refresh_failed", "credential_refreshing", both of which
    /// tell when to try again.
    AccessToken access_token(const Holder& holder, const Token& token);

    /// After an upstream refused the token: gets another one, unless it is too young or that was done within
    /// the last minute. Whether there is another one now; never throws for want of one.
    bool replace_refused(const Holder& holder, const AccessToken& refused);

    /// Gets the next token if it is time. Throws as access_token.
    void renew_due(const Holder& holder);

private:
    using Flight = std::shared_future<Token>;

    Token renew(const Holder& holder, const Token& token, Why why);
    Token renew_or_wait(const Holder& holder, Token token, Why why);
    Token run(const Holder& holder, const Token& token, const Claim& claim);
    Answer ask(const Holder& holder, const vault::Secrets& secrets, const base::Secret& refresh);
    AccessToken opened(const Holder& holder, const Token& token) const;
    void renew_later(const Holder& holder);
    void work();

    db::Database& database_;
    const vault_keys::KeyEncryption& key_encryption_;
    http_client::Client& client_;
    std::mutex mutex_;
    std::map<vault::ServiceId, Flight> flights_;
    std::map<vault::ServiceId, Holder> later_;
    std::condition_variable changed_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace vault_grant
