#pragma once

#include <deque>
#include <optional>

#include "mcp/acceptance.hpp"
#include "mcp/event_store.hpp"
#include "mcp/event_stream.hpp"
#include "mcp/hub.hpp"
#include "mcp/legacy_session.hpp"
#include "mcp/modern.hpp"
#include "mcp/pulse.hpp"

namespace mcp {

/// The answer to one request of the older revisions: JSON, or from the first message that must go before the
/// response on an event stream. In a session the stream is resumable: every event is kept first, and the
/// request goes on when its connection is lost (2025-11-25, Transports: Resumability and Redelivery).
/// While the database is away messages still go to the client and wait to be kept.
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
    bool is_stopping() { return exchange_.is_stopping(); }
    Hub::Mailbox& mailbox() noexcept { return mailbox_; }
    /// Waits for something that the mailbox was asked to receive, cancellation included, and keeps the
    /// connection alive meanwhile.
    void wait();
    /// The database did not answer: wait only shortly next time.
    void retry_soon() { pulse().retry_soon(); }

    /// Sends the response of the request, which is the last message.
    http::Response finish(int status, std::string response);

private:
    void open();
    void append(std::string message, bool is_last);
    void keep(StoredEvent event);
    bool keep_waiting_events();
    void keep_the_last_event();
    Pulse& pulse();
    bool is_resumable() const noexcept { return session_ != nullptr; }

    http::Exchange& exchange_;
    const Seals& seals_;
    db::Session& database_;
    const LegacySession* session_;
    Revision revision_;
    EventStream stream_;
    Hub::Mailbox mailbox_;
    std::optional<Pulse> pulse_;  ///< of a call that waits for its client
    json request_id_;
    std::string cancellation_;
    Acceptance acceptance_;
    bool is_connected_ = true;
    bool was_cancelled_ = false;
    base::Uuid id_;
    std::int64_t sequence_ = 0;
    std::deque<StoredEvent> not_kept_;  ///< in order, until the database takes them
};

/// What a mailbox receives when a session's request is cancelled. Without a session ids mean nothing: clients
/// that share a credential number alike.
std::string key_of_cancellation(const LegacySession& session, const json& request_id);

}  // namespace mcp
