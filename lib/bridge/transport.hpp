#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/settings.hpp"

namespace bridge {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The head of an HTTP answer.
struct Head {
    int status = 0;
    std::string content_type;
    std::string session_id;  ///< Mcp-Session-Id, when there is one
};

/// Takes an answer piece by piece.
struct Receiver {
    std::function<void(const Head&)> on_head;
    std::function<void(std::string_view)> on_body;
    std::function<bool()> is_cancelled;  ///< asked many times a second; true ends the exchange
};

/// HTTP to the one endpoint, with the key, over TLS 1.2 or later; connections are kept. Safe from any thread.
class Transport {
public:
    explicit Transport(const Settings& settings);
    ~Transport();

    enum class Verb { get, post, delete_ };

    /// Sends one request and blocks until its answer has ended. Throws base::Error (upstream_failed,
    /// "server_unreachable") when there is no whole answer; not after a cancellation.
    void exchange(Verb verb, const std::string& body, const Fields& fields, const Receiver& receiver);

private:
    class Lease;
    struct Handle {
        void* easy;
        void* multi;  ///< keeps the connections of `easy`
    };
    const Settings& settings_;
    std::mutex mutex_;
    std::vector<Handle> idle_;
};

}  // namespace bridge
