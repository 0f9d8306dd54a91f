#include <algorithm>

#include "base/error.hpp"
#include "bridge/bridge.hpp"
#include "bridge/events.hpp"
#include "bridge/message_fields.hpp"
#include "schema/json.hpp"

namespace bridge {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr milliseconds first_backoff{1000};
constexpr milliseconds longest_backoff{30'000};
constexpr milliseconds farewell{500};

}  // namespace

void Bridge::note_initialized(const json& response) {
    const json::json_pointer place{"/result/protocolVersion"};
    if (!response.contains(place) || !response[place].is_string()) return;
    const std::lock_guard lock{state_mutex_};
    revision_ = response[place].get<std::string>();
}

void Bridge::note_session(const Head& head) {
    if (head.session_id.empty()) return;
    const std::lock_guard lock{state_mutex_};
    session_id_ = head.session_id;
}

std::string Bridge::session_id() {
    const std::lock_guard lock{state_mutex_};
    return session_id_;
}

/// Begins the session anew as the client began it, and keeps that from the client. Once for all that found it
/// lost. False when it cannot be done.
bool Bridge::renew_session(const std::string& stale) {
    const std::lock_guard one_at_a_time{renewal_mutex_};
    std::string line;
    {
        const std::lock_guard lock{state_mutex_};
        if (session_id_ != stale) return true;
        if (initialize_.empty()) return false;
        session_id_.clear();
        line = initialize_;
    }
    std::string body;
    Head head;
    const Receiver receiver{.on_head = [&](const Head& told) { head = told; },
                            .on_body = [&](std::string_view bytes) { body += bytes; },
                            .is_cancelled = [&] { return following_.is_cancelled.load(); }};
    const auto message = schema::parse(line);
    transport_.exchange(Transport::Verb::post, line, fields_for(message), receiver);
    if (head.status != 200 || head.session_id.empty()) return false;
    note_session(head);
    const json initialized{{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}};
    transport_.exchange(Transport::Verb::post, schema::dump(initialized), fields_for(initialized), receiver);
    report("the session was lost and has begun anew");
    return true;
}

/// The stream on which older revisions deliver what belongs to no request.
void Bridge::follow_notifications() {
    if (session_id().empty() || notifications_.joinable()) return;
    notifications_ = std::jthread{[this] { follow_until_the_end(); }};
}

void Bridge::follow_until_the_end() {
    Answer answer;
    for (auto backoff = first_backoff; !following_.is_cancelled;
         backoff = std::min(backoff * 2, longest_backoff)) {
        const auto seen = answer.last_event_id;
        const auto session = session_id();
        try {
            auto fields = fields_for(json::object());
            if (!seen.empty()) fields.emplace_back("Last-Event-ID", seen);
            exchange(Transport::Verb::get, json::object(), "", std::move(fields), following_, answer);
            if (answer.head.status == 405) return;
            if (answer.head.status == 400) answer.last_event_id.clear();
            if (answer.head.status == 404) renew_session(session);
        } catch (const base::Error& error) {
            report(std::string{"notifications are interrupted: "} + error.what());
        }
        if (answer.last_event_id != seen) backoff = first_backoff;
        if (!pause(backoff, following_)) return;
    }
}

/// False when what waits was cancelled meanwhile.
bool Bridge::pause(milliseconds time, const Running& running) {
    std::unique_lock lock{state_mutex_};
    return !changed_.wait_for(lock, time, [&] { return running.is_cancelled.load(); });
}

void Bridge::end_session() {
    if (session_id_.empty()) return;
    const auto deadline = std::chrono::steady_clock::now() + farewell;
    const Receiver receiver{.on_head = [](const Head&) {},
                            .on_body = [](std::string_view) {},
                            .is_cancelled = [&] { return std::chrono::steady_clock::now() > deadline; }};
    try {
        transport_.exchange(Transport::Verb::delete_, "", fields_for(json::object()), receiver);
    } catch (const base::Error&) {
        // The session ends by itself; nobody is left to tell.
    }
}

}  // namespace bridge
