#include <algorithm>
#include <set>

#include "http/media_type.hpp"
#include "jsonrpc/message.hpp"
#include "mcp/change.hpp"
#include "mcp/error.hpp"
#include "mcp/event_store.hpp"
#include "mcp/event_stream.hpp"
#include "mcp/legacy_methods.hpp"
#include "mcp/outage.hpp"
#include "mcp/pulse.hpp"
#include "mcp/seals.hpp"

namespace mcp {
namespace {

using Woken = Hub::Mailbox::Woken;

constexpr std::string_view change_prefix = "change_";
constexpr std::chrono::milliseconds reconnection_delay{1000};

/// `listener` is the stream that must still be the session's; null for a stream that is not about changes.
bool may_go_on(const Arrival& arrival, db::Session& database, const LegacySession& session,
               const base::Uuid* listener) {
    return may_hold([&] {
        arrival.recheck();
        const auto state = state_of(database, session);
        return !state.is_ended && (listener == nullptr || state.listener == *listener);
    });
}

bool concerns_session(const std::set<std::string>& arrived, const LegacySession& session) {
    return arrived.contains(key_of_session(session)) || arrived.contains(Hub::missed);
}

/// The place in the workspace's changes, as the session's event ids carry it: each is its own, and tells
/// nothing of what others do.
std::string seal_position(const Seals& seals, const LegacySession& session, std::int64_t sequence) {
    return seals.cursor.seal(std::to_string(sequence), key_of_session(session));
}

std::optional<std::int64_t> open_position(const Seals& seals, const LegacySession& session,
                                          std::string_view text) {
    const auto plain = seals.cursor.open(text, key_of_session(session));
    if (!plain) return std::nullopt;
    return std::stoll(*plain);
}

/// What the server tells a session of its own accord: changes. Event ids name the change, so that a client
/// that comes back hears what it missed.
class ChangeStream {
public:
    ChangeStream(const Service& service, Hub& hub, const Arrival& arrival, db::Session& database,
                 const LegacySession& session, std::optional<std::int64_t> since)
        : service_{service},
          arrival_{arrival},
          database_{database},
          session_{session},
          mailbox_{hub, {key_of_session(session)}},
          pulse_{mailbox_},
          feed_{database, mailbox_, arrival.principal.workspace.uuid(), since},
          stream_{arrival.exchange},
          uris_{subscribed_uris(database, session)} {
        claim_listener(database, session, id_);
    }

    void serve() {
        stream_.open();
        const bool is_primed = session_.client.revision >= Revision::r2025_11_25
                                   ? stream_.send_text("", id_of(feed_.sequence()), reconnection_delay)
                                   : stream_.keep_alive();
        std::set<std::string> arrived;
        while (is_primed && tell_changes() && pulse_.wait(&arrival_.exchange, arrived) != Woken::gone) {
            if (pulse_.is_comment_due() && !stream_.keep_alive()) return;
            const bool session_changed = concerns_session(arrived, session_);
            uris_are_old_ = uris_are_old_ || session_changed;
            if ((session_changed || pulse_.is_check_due()) && !may_go_on(arrival_, database_, session_, &id_))
                return;
        }
    }

private:
    std::string id_of(std::int64_t sequence) const {
        return std::string{change_prefix} + seal_position(service_.seals, session_, sequence);
    }

    bool concerns(const Change& change) const {
        switch (change.kind) {
            case Change::Kind::tools:
                return service_.server.tools_change;
            case Change::Kind::prompts:
                return service_.server.prompts_change;
            case Change::Kind::resources:
                return true;
            case Change::Kind::resource:
                return std::find(uris_.begin(), uris_.end(), change.uri) != uris_.end();
        }
        return false;
    }

    /// False when the client has gone.
    bool tell_changes() {
        const auto changes = unless_down([&] {
            if (uris_are_old_) uris_ = subscribed_uris(database_, session_);
            uris_are_old_ = false;
            return feed_.take();
        });
        if (!changes) {
            pulse_.retry_soon();
            return true;
        }
        for (const auto& change : *changes) {
            if (!concerns(change)) continue;
            json params = json::object();
            if (change.kind == Change::Kind::resource) params["uri"] = change.uri;
            const auto message = jsonrpc::notification(notification_of(change.kind), std::move(params));
            if (!stream_.send(message, id_of(change.sequence))) return false;
        }
        return true;
    }

    const Service& service_;
    const Arrival& arrival_;
    db::Session& database_;
    const LegacySession& session_;
    Hub::Mailbox mailbox_;
    Pulse pulse_;
    ChangeFeed feed_;
    EventStream stream_;
    std::vector<std::string> uris_;
    bool uris_are_old_ = false;
    base::Uuid id_ = base::Uuid::create();
};

/// The rest of an interrupted stream, from whatever process and until its last event.
class Resumption {
public:
    Resumption(const Service& service, Hub& hub, const Arrival& arrival, db::Session& database,
               const LegacySession& session, EventPosition position)
        : seals_{service.seals},
          arrival_{arrival},
          database_{database},
          session_{session},
          position_{position},
          mailbox_{hub, {key_of_stream(position.stream), key_of_session(session)}},
          pulse_{mailbox_},
          stream_{arrival.exchange},
          rest_{events_after(database, seals_, session.id, position)} {}

    bool exists() const noexcept { return rest_.has_value(); }

    void serve() {
        stream_.open();
        std::set<std::string> arrived;
        bool must_look_at_owner = true;
        while (tell() && !rest_->is_complete) {
            if (must_look_at_owner && is_abandoned()) return;
            if (pulse_.wait(&arrival_.exchange, arrived) == Woken::gone) return;
            if (pulse_.is_comment_due() && !stream_.keep_alive()) return;
            must_look_at_owner = pulse_.is_check_due() || arrived.contains(Hub::missed);
            if ((must_look_at_owner || concerns_session(arrived, session_)) &&
                !may_go_on(arrival_, database_, session_, nullptr))
                return;
            if (!read()) return;
        }
    }

private:
    bool tell() {
        for (const auto& event : rest_->events) {
            position_.sequence = event.sequence;
            if (!event.message.empty() && !stream_.send_text(event.message, position_.text())) return false;
        }
        rest_->events.clear();
        return true;
    }

    /// False when the stream is no longer kept.
    bool read() {
        auto rest = unless_down([&] { return events_after(database_, seals_, session_.id, position_); });
        if (!rest) {
            pulse_.retry_soon();
            return true;
        }
        if (*rest) rest_ = std::move(*rest);
        return rest->has_value();
    }

    /// Says so when the process that answers has died: then nothing will follow.
    bool is_abandoned() {
        const auto owner =
            unless_down([&] { return owner_of(database_, seals_, session_.id, position_.stream); });
        if (!owner || owner->is_running) return false;
        if (!read() || !tell() || rest_->is_complete) return true;
        stream_.send(jsonrpc::error_response(
            owner->request_id, jsonrpc::Error{jsonrpc::internal_error,
                                              "the process that served this request ended: its outcome is "
                                              "unknown",
                                              json{{"code", "outcome_unknown"}}}));
        return true;
    }

    const Seals& seals_;
    const Arrival& arrival_;
    db::Session& database_;
    const LegacySession& session_;
    EventPosition position_;
    Hub::Mailbox mailbox_;
    Pulse pulse_;
    EventStream stream_;
    std::optional<StreamRest> rest_;
};

std::optional<std::int64_t> change_of(const Seals& seals, const LegacySession& session,
                                      std::string_view event_id) {
    if (!event_id.starts_with(change_prefix)) return std::nullopt;
    event_id.remove_prefix(change_prefix.size());
    return open_position(seals, session, event_id);
}

http::Response refuse(const Arrival& arrival, int status, const char* message) {
    return error_answer(status, jsonrpc::Error{jsonrpc::invalid_request, message}, nullptr,
                        spoken_in(arrival.request));
}

}  // namespace

http::Response serve_legacy_stream(const Service& service, Hub& hub, StreamQuota& quota,
                                   const Arrival& arrival) {
    if (!http::accepts(arrival.request.field("accept"), "text/event-stream")) {
        return refuse(arrival, 406, "Accept: text/event-stream is needed");
    }
    db::Autocommit database{service.environment.database, db::Scope{arrival.principal.workspace.uuid()}};
    const auto known = read_legacy_client(service, database, arrival);
    if (!known.session) {
        auto answer = refuse(arrival, 405, "a stream of its own needs a session");
        answer.fields.emplace_back("Allow", "POST, OPTIONS");
        return answer;
    }
    const StreamQuota::Place place{quota, arrival.principal.credential};
    const auto last_event = arrival.request.field("last-event-id");
    if (const auto position = EventPosition::parse(last_event)) {
        Resumption resumption{service, hub, arrival, database, *known.session, *position};
        if (!resumption.exists()) return refuse(arrival, 400, "Last-Event-ID: there is no such stream");
        resumption.serve();
        return {};
    }
    const auto since = change_of(service.seals, *known.session, last_event);
    ChangeStream{service, hub, arrival, database, *known.session, since}.serve();
    return {};
}

http::Response end_legacy_session(const Service& service, const Arrival& arrival) {
    db::Autocommit database{service.environment.database, db::Scope{arrival.principal.workspace.uuid()}};
    const auto known = read_legacy_client(service, database, arrival);
    if (!known.session) return refuse(arrival, 400, "Mcp-Session-Id is needed");
    end_session(database, *known.session);
    return {.status = 204, .fields = {}, .body = {}};
}

}  // namespace mcp
