#pragma once

#include <nlohmann/json_fwd.hpp>

namespace mcp {

/// The way to the client while its request runs: messages that go before the response, on the same stream.
class Outgoing {
public:
    virtual ~Outgoing() = default;

    /// Whether the client takes messages before the response at all.
    virtual bool can_send() const = 0;
    /// Sends a notification or, in the older revisions, a request. Dropped when the client cannot take it.
    virtual void send(const nlohmann::json& message) = 0;
    /// Whether the client gave the request up.
    virtual bool is_cancelled() = 0;
    /// Ends the connection while the request goes on, where the client can fetch the rest later.
    virtual void close_connection() {}
};

}  // namespace mcp
