#pragma once

#include "mcp/client.hpp"
#include "mcp/outgoing.hpp"
#include "tool/call.hpp"

namespace mcp {

/// What a running tool sees of its client: progress if the request named a token, log messages from the level
/// that the client asked for, cancellation.
class RequestPeer : public tool::Peer {
public:
    RequestPeer(const Client& client, Outgoing& outgoing, json progress_token)
        : client_{client}, outgoing_{outgoing}, progress_token_(std::move(progress_token)) {}

    void progress(double progress, std::optional<double> total, const std::string& message) override;
    void log(const std::string& level, const std::string& logger, const json& data) override;
    bool is_cancelled() override { return outgoing_.is_cancelled(); }
    bool can_answer(const std::string& kind) const override;
    void close_connection() override { outgoing_.close_connection(); }

private:
    const Client& client_;
    Outgoing& outgoing_;
    json progress_token_;
    std::optional<double> last_progress_;
};

}  // namespace mcp
