#include <algorithm>
#include <charconv>
#include <set>

#include "http/media_type.hpp"
#include "jsonrpc/message.hpp"
#include "mcp/change.hpp"
#include "mcp/error.hpp"
#include "mcp/event_store.hpp"
#include "mcp/event_stream.hpp"
#include "mcp/legacy_methods.hpp"
#include "mcp/seals.hpp"

namespace mcp {
namespace {

using Woken = Hub::Mailbox::Woken;

constexpr std::string_view change_prefix = "change_";
constexpr std::chrono::milliseconds reconnection_delay{1000};

/// `listener` is the stream that must still be the session's; null for a stream that is not about changes.
bool may_go_on(const Arrival& arrival, db::Session& database, const LegacySession& session,
               const base::Uuid* listener) {
    try {
        arrival.recheck();
        const auto state = state_of(database, session);
        return !state.is_ended && (listener == nullptr || state.listener == *listener);
    } catch (const base::Error& error) {
        return error.reason() == base::Reason::unavailable;
    }
}

bool concerns_session(const std::set<std::string>& arrived, const LegacySession& session) {
    return arrived.contains(key_of_session(session)) || arrived.contains(Hub::missed);
}

/// What the server tells a session of its own accord: changes. Event ids name the change, so that a client
/// that comes back hears what it missed.
class ChangeStream {
public:
    ChangeStream(const Service& service, Hub& hub, const Arrival& arrival, db::Session& database,
                 const LegacySession& session, std::optional<std::int64_t> since)
        : server_{service.server},
          arrival_{arrival},
          database_{database},
          session_{session},
          mailbox_{hub, {key_of_session(session)}},
          feed_{database, mailbox_, arrival.principal.workspace.uuid(), since},
          stream_{arrival.exchange},
          uris_{subscribed_uris(database, session)} {
        claim_listener(database, session, id_);
    }

    void serve() {
        stream_.open();
        bool is_connected = session_.client.revision >= Revision::r2025_11_25
                                ? stream_.send_text("", id_of(feed_.sequence()), reconnection_delay)
                                : stream_.keep_alive();
        while (is_connected) {
            is_connected = tell_changes();
            const auto woken = mailbox_.wait(&arrival_.exchange, keep_alive_interval);
            if (woken == Woken::gone) return;
            if (woken == Woken::idle) is_connected = is_connected && stream_.keep_alive();
            const bool session_changed = concerns_session(mailbox_.take(), session_);
            if (session_changed) uris_ = subscribed_uris(database_, session_);
            if ((session_changed || woken == Woken::idle) &&
                !may_go_on(arrival_, database_, session_, &id_)) {
                return;
            }
        }
    }

private:
    static std::string id_of(std::int64_t sequence) {
        return std::string{change_prefix} + std::to_string(sequence);
    }

    bool concerns(const Change& change) const {
        switch (change.kind) {
            case Change::Kind::tools:
                return server_.tools_change;
            case Change::Kind::prompts:
                return server_.prompts_change;
            case Change::Kind::resources:
                return true;
            case Change::Kind::resource:
                return std::find(uris_.begin(), uris_.end(), change.uri) != uris_.end();
        }
        return false;
    }

    bool tell_changes() {
        for (const auto& change : feed_.take()) {
            if (!concerns(change)) continue;
            json params = json::object();
            if (change.kind == Change::Kind::resource) params["uri"] = change.uri;
            const auto message = jsonrpc::notification(notification_of(change.kind), std::move(params));
            if (!stream_.send(message, id_of(change.sequence))) return false;
        }
        return true;
    }

    const Server& server_;
    const Arrival& arrival_;
    db::Session& database_;
    const LegacySession& session_;
    Hub::Mailbox mailbox_;
    ChangeFeed feed_;
    EventStream stream_;
    std::vector<std::string> uris_;
    base::Uuid id_ = base::Uuid::create();
};

/// Sends the rest of an interrupted stream, from whatever process and until its last event.
bool resume(const Service& service, Hub& hub, const Arrival& arrival, db::Session& database,
            const LegacySession& session, EventPosition position) {
    Hub::Mailbox mailbox{hub, {key_of_stream(position.stream), key_of_session(session)}};
    auto events = events_after(database, service.seals, session.id, position);
    if (!events) return false;
    EventStream stream{arrival.exchange};
    stream.open();
    for (bool is_connected = true; is_connected;) {
        for (const auto& event : *events) {
            position.sequence = event.sequence;
            if (!event.message.empty()) is_connected = stream.send_text(event.message, position.text());
            if (event.is_last) return true;
        }
        const auto woken = mailbox.wait(&arrival.exchange, keep_alive_interval);
        if (woken == Woken::gone) break;
        if (woken == Woken::idle) is_connected = stream.keep_alive();
        const bool session_changed = concerns_session(mailbox.take(), session);
        if ((session_changed || woken == Woken::idle) && !may_go_on(arrival, database, session, nullptr)) {
            break;
        }
        events = events_after(database, service.seals, session.id, position);
        if (!events) break;
    }
    return true;
}

std::optional<std::int64_t> change_of(std::string_view event_id) {
    if (!event_id.starts_with(change_prefix)) return std::nullopt;
    event_id.remove_prefix(change_prefix.size());
    std::int64_t sequence = 0;
    const auto [end, problem] = std::from_chars(event_id.data(), event_id.data() + event_id.size(), sequence);
    if (problem != std::errc{} || end != event_id.data() + event_id.size()) return std::nullopt;
    return sequence;
}

http::Response refuse(int status, const char* message) {
    return error_answer(status, jsonrpc::Error{jsonrpc::invalid_request, message});
}

}  // namespace

http::Response serve_legacy_stream(const Service& service, Hub& hub, StreamQuota& quota,
                                   const Arrival& arrival) {
    if (!http::accepts(arrival.request.field("accept"), "text/event-stream")) {
        return refuse(406, "Accept: text/event-stream is needed");
    }
    db::Autocommit database{service.environment.database, db::Scope{arrival.principal.workspace.uuid()}};
    const auto known = read_legacy_client(service, database, arrival);
    if (!known.session) {
        auto answer = refuse(405, "a stream of its own needs a session");
        answer.fields.emplace_back("Allow", "POST, OPTIONS");
        return answer;
    }
    const StreamQuota::Place place{quota, arrival.principal.credential};
    const auto last_event = arrival.request.field("last-event-id");
    if (const auto position = EventPosition::parse(last_event)) {
        if (resume(service, hub, arrival, database, *known.session, *position)) return {};
        return refuse(400, "Last-Event-ID: there is no such stream");
    }
    ChangeStream{service, hub, arrival, database, *known.session, change_of(last_event)}.serve();
    return {};
}

http::Response end_legacy_session(const Service& service, const Arrival& arrival) {
    db::Autocommit database{service.environment.database, db::Scope{arrival.principal.workspace.uuid()}};
    const auto known = read_legacy_client(service, database, arrival);
    if (!known.session) return refuse(400, "Mcp-Session-Id is needed");
    end_session(database, *known.session);
    return {.status = 204, .fields = {}, .body = {}};
}

}  // namespace mcp
