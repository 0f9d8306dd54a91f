#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/secret.hpp"

namespace vault_keys {

/// What a process remembers of its key agreements for a minute: one costs more than all else that a call
/// needs. It shortens no check, because the wrapped key and the public half that went in must be shown again
/// to find what came out. Safe from any thread.
class Agreements {
public:
    std::optional<base::Secret> find(const std::string& inputs_sha256);
    void remember(const std::string& inputs_sha256, const base::Secret& shared);

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Entry {
        base::Secret shared;
        Time until;
    };
    void make_room(Time now);

    std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;
    Time look_again_at_{};
};

}  // namespace vault_keys
