#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http_client/address.hpp"
#include "http_client/client.hpp"

namespace http_client {

/// Where a host was found to be, and when.
struct Pin {
    std::vector<Address> addresses;
    std::chrono::steady_clock::time_point resolved_at;

    bool is_fresh() const {
        return std::chrono::steady_clock::now() - resolved_at < std::chrono::seconds{60};
    }
};

struct FreeHandle {
    void operator()(void* handle) const;
};
using Handle = std::unique_ptr<void, FreeHandle>;  ///< a CURL easy handle with its own connection

/// Handles whose connection is open and idle. A handle leaves the pool for one request at a time and is only
/// lent under the key it came with.
class Client::Pool {
public:
    struct Entry {
        std::string key;
        Handle handle;
        Pin pin;
        std::chrono::steady_clock::time_point idle_since;
    };

    /// The most recently used one, or an entry without handle.
    Entry take(const std::string& key);
    void give_back(Entry entry);

private:
    static constexpr std::size_t limit = 20;  ///< each takes some 100 KiB
    static constexpr std::chrono::seconds idle_limit{60};

    std::mutex mutex_;
    std::list<Entry> idle_;  ///< most recently used first
};

}  // namespace http_client
