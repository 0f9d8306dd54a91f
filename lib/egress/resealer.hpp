#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "db/listener.hpp"
#include "vault_keys/workspace_key.hpp"

namespace egress {

/// Seals with a workspace's newest key pair what is still sealed with an older one, in the background, some
/// fields at a time, and drops the pairs that are needed no more. Begins when a pair is made.
class Resealer {
public:
    Resealer(db::Database& database, const vault_keys::KeyEncryption& key_encryption);
    ~Resealer();

    /// One batch of fields and one of tokens; how many were sealed anew.
    static int reseal_some(db::Database& database, const vault_keys::KeyEncryption& key_encryption);
    static void drop_unused(db::Database& database, const char* older_than);

private:
    void wake();
    void work();
    void catch_up();

    db::Database& database_;
    const vault_keys::KeyEncryption& key_encryption_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool has_work_ = true;
    bool is_stopping_ = false;
    std::thread thread_;
    db::Listener listener_;
};

}  // namespace egress
