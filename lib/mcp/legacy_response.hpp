#pragma once

#include "mcp/acceptance.hpp"
#include "mcp/event_stream.hpp"
#include "mcp/hub.hpp"
#include "mcp/legacy_session.hpp"
#include "mcp/modern.hpp"

namespace mcp {

/// The answer to one request of the older revisions: JSON, or from the first message that must go before the
/// response on an event stream. In a session the stream is resumable: every event is kept first, and the
/// request goes on when its connection is lost (2025-11-25, Transports: Resumability and Redelivery).
class LegacyResponse : public Outgoing {
public:
    /// `session` is null without one. `may_stream` is false in a batch.
    LegacyResponse(const Service& service, const Arrival& arrival, db::Session& database, Hub& hub,
                   const LegacySession* session, Revision revision, const json& request_id, bool may_stream);

    bool can_send() const override { return acceptance_.stream; }
    void send(const json& message) override;
    bool is_cancelled() override;
    void close_connection() override;

    /// Whether nobody will ever read what is sent.
    bool is_lost();
    void keep_alive();
    Hub::Mailbox& mailbox() noexcept { return mailbox_; }
    /// Waits for something that the mailbox was asked to receive, cancellation included.
    Hub::Mailbox::Woken wait(std::chrono::milliseconds limit);

    /// Sends the response of the request, which is the last message.
    http::Response finish(int status, std::string response);

private:
    void open();
    void append(std::string message, bool is_last);
    bool is_resumable() const noexcept { return session_ != nullptr; }

    http::Exchange& exchange_;
    const Seals& seals_;
    db::Session& database_;
    const LegacySession* session_;
    Revision revision_;
    EventStream stream_;
    Hub::Mailbox mailbox_;
    std::string cancellation_;
    Acceptance acceptance_;
    bool is_connected_ = true;
    bool was_cancelled_ = false;
    base::Uuid id_;
    std::int64_t sequence_ = 0;
};

/// What a mailbox receives when the request is cancelled. Without a session it is the credential's.
std::string key_of_cancellation(const auth::Principal& principal, const LegacySession* session,
                                const json& request_id);

}  // namespace mcp
