#include "mcp/legacy_response.hpp"

#include <thread>

#include "base/log.hpp"
#include "base/wait.hpp"
#include "crypto/digest.hpp"
#include "mcp/outage.hpp"
#include "schema/json.hpp"

namespace mcp {
namespace {

constexpr std::chrono::milliseconds reconnection_delay{500};
constexpr std::chrono::milliseconds store_pause{250};
constexpr std::chrono::seconds longest_outage{10};

}  // namespace

std::string key_of_cancellation(const LegacySession& session, const json& request_id) {
    return "cancelled/" + crypto::sha256_hex(session.id.text() + '|' + schema::dump(request_id));
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
      request_id_(request_id),
      acceptance_{may_stream ? acceptance_of(arrival.request) : Acceptance{}} {
    if (session == nullptr) return;
    cancellation_ = key_of_cancellation(*session, request_id);
    mailbox_.add(cancellation_);
}

void LegacyResponse::send(const json& message) { append(schema::dump(message), false); }

bool LegacyResponse::is_cancelled() {
    was_cancelled_ = was_cancelled_ || (session_ != nullptr && mailbox_.has(cancellation_));
    return was_cancelled_;
}

bool LegacyResponse::is_lost() { return !is_resumable() && exchange_.is_client_gone(); }

void LegacyResponse::wait() {
    is_connected_ = is_connected_ && !exchange_.is_client_gone();
    std::set<std::string> arrived;
    pulse().wait(is_connected_ ? &exchange_ : nullptr, arrived);
    was_cancelled_ = was_cancelled_ || (session_ != nullptr && arrived.contains(cancellation_));
    if (pulse_->is_comment_due() && is_connected_ && stream_.is_open()) is_connected_ = stream_.keep_alive();
    pulse_->is_check_due();
    if (!keep_waiting_events()) pulse_->retry_soon();
}

Pulse& LegacyResponse::pulse() {
    if (!pulse_) pulse_.emplace(mailbox_);
    return *pulse_;
}

void LegacyResponse::open() {
    if (stream_.is_open()) return;
    stream_.open();
    if (!is_resumable()) return;
    id_ = base::Uuid::create();
    keep({.sequence = 0, .message = StreamOrigin::of_this_process(request_id_).text(), .is_last = false});
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
        keep({.sequence = sequence_, .message = message, .is_last = is_last});
    }
    if (is_connected_) is_connected_ = stream_.send_text(message, position);
    if (is_last) keep_the_last_event();
}

void LegacyResponse::keep(StoredEvent event) {
    not_kept_.push_back(std::move(event));
    keep_waiting_events();
}

bool LegacyResponse::keep_waiting_events() {
    while (!not_kept_.empty()) {
        const auto kept = unless_down([&] {
            store_event(database_, seals_, session_->id, id_, not_kept_.front());
            return true;
        });
        if (!kept) return false;
        not_kept_.pop_front();
    }
    return true;
}

/// Who comes back for the response should find it, even though the database was away when it was given.
void LegacyResponse::keep_the_last_event() {
    const auto deadline = std::chrono::steady_clock::now() + longest_outage;
    while (!keep_waiting_events()) {
        if (std::chrono::steady_clock::now() > deadline) {
            base::log(base::Severity::error, "events_lost", {{"count", std::to_string(not_kept_.size())}});
            return;
        }
        const base::Wait wait;
        std::this_thread::sleep_for(store_pause);
    }
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
            keep({.sequence = sequence_ + 1, .message = {}, .is_last = true});
            keep_the_last_event();
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
