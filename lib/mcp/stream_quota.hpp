#pragma once

#include <cstddef>
#include <map>
#include <mutex>

#include "auth/principal.hpp"

namespace mcp {

/// Bounds the streams that stay open in one process: each holds a thread, and one caller must not hold them
/// all. Safe from any thread.
class StreamQuota {
public:
    static constexpr std::size_t most_of_one_credential = 64;
    static constexpr std::size_t most_of_all = 384;

    /// A stream's place, given back when it ends.
    class Place {
    public:
        /// Throws base::Error (rate_limited, "too_many_streams").
        Place(StreamQuota& quota, const auth::KeyId& credential);
        ~Place();
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

    private:
        StreamQuota& quota_;
        auth::KeyId credential_;
    };

private:
    std::mutex mutex_;
    std::map<auth::KeyId, std::size_t> open_;
    std::size_t all_ = 0;
};

}  // namespace mcp
