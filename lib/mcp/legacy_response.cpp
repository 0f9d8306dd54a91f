#include "mcp/legacy_response.hpp"

#include "crypto/digest.hpp"
#include "mcp/event_store.hpp"
#include "schema/json.hpp"

namespace mcp {
namespace {

constexpr std::chrono::milliseconds reconnection_delay{500};

}  // namespace

std::string key_of_cancellation(const auth::Principal& principal, const LegacySession* session,
                                const json& request_id) {
    const std::string owner = session == nullptr ? principal.credential.text() : session->id.text();
    return "cancelled/" + crypto::sha256_hex(owner + '|' + schema::dump(request_id));
}

LegacyResponse::LegacyResponse(const Service& service, const Arrival& arrival, db::Session& database,
                               Hub& hub, const LegacySession* session, Revision revision,
                               const json& request_id, bool may_stream)
    : exchange_{arrival.exchange},
      seals_{service.seals},
      database_{database},
      session_{session},
      revision_{revision},
      stream_{arrival.exchange},
      mailbox_{hub},
      cancellation_{key_of_cancellation(arrival.principal, session, request_id)},
      acceptance_{may_stream ? acceptance_of(arrival.request) : Acceptance{}} {
    mailbox_.add(cancellation_);
}

void LegacyResponse::send(const json& message) { append(schema::dump(message), false); }

bool LegacyResponse::is_cancelled() {
    was_cancelled_ = was_cancelled_ || mailbox_.has(cancellation_);
    return was_cancelled_;
}

bool LegacyResponse::is_lost() { return !is_resumable() && exchange_.is_gone(); }

Hub::Mailbox::Woken LegacyResponse::wait(std::chrono::milliseconds limit) {
    is_connected_ = is_connected_ && !exchange_.is_gone();
    const auto woken = mailbox_.wait(is_connected_ ? &exchange_ : nullptr, limit);
    was_cancelled_ = mailbox_.take().contains(cancellation_) || was_cancelled_;
    return woken;
}

void LegacyResponse::open() {
    if (stream_.is_open()) return;
    stream_.open();
    if (!is_resumable()) return;
    id_ = base::Uuid::create();
    store_event(database_, seals_, session_->id, id_, {.sequence = 0, .message = {}, .is_last = false});
    if (revision_ < Revision::r2025_11_25) return;
    is_connected_ = stream_.send_text("", EventPosition{id_, 0}.text(), reconnection_delay);
}

void LegacyResponse::append(std::string message, bool is_last) {
    if (!acceptance_.stream) return;
    open();
    std::string position;
    if (is_resumable()) {
        ++sequence_;
        position = EventPosition{id_, sequence_}.text();
        store_event(database_, seals_, session_->id, id_,
                    {.sequence = sequence_, .message = message, .is_last = is_last});
    }
    if (is_connected_) is_connected_ = stream_.send_text(message, position);
}

void LegacyResponse::keep_alive() {
    if (is_connected_ && stream_.is_open()) is_connected_ = stream_.keep_alive();
}

void LegacyResponse::close_connection() {
    if (!acceptance_.stream || !is_resumable() || revision_ < Revision::r2025_11_25) return;
    open();
    exchange_.finish();
    is_connected_ = false;
}

http::Response LegacyResponse::finish(int status, std::string response) {
    if (is_cancelled()) {
        if (stream_.is_open() && is_resumable()) {
            store_event(database_, seals_, session_->id, id_,
                        {.sequence = sequence_ + 1, .message = {}, .is_last = true});
        }
        return {.status = 202, .fields = {}, .body = {}};
    }
    if (stream_.is_open()) {
        append(std::move(response), true);
        return {};
    }
    if (acceptance_.stream_first && status == 200) {
        stream_.send_text(response);
        return {};
    }
    return {.status = status, .fields = {{"Content-Type", "application/json"}}, .body = std::move(response)};
}

}  // namespace mcp
