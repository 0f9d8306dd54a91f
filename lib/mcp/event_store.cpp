#include "mcp/event_store.hpp"

#include <charconv>

#include "mcp/seals.hpp"
#include "schema/json.hpp"
#include "tool/runner.hpp"

namespace mcp {
namespace {

constexpr db::Statement store{
    "mcp_store_event",
    "WITH stored AS (INSERT INTO mcp.event (workspace_id, session_id, stream_id, sequence, message, is_last) "
    "VALUES (workspace.current_id(), $1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING stream_id) "
    "SELECT pg_notify('mcp', 'stream/' || stream_id) FROM stored"};
constexpr db::Statement find{"mcp_find_events",
                             "SELECT sequence, message, is_last FROM mcp.event "
                             "WHERE session_id = $1 AND stream_id = $2 AND sequence >= $3 ORDER BY sequence"};

/// A process of another host counts as running for as long as a call with all its questions may take.
constexpr db::Statement find_origin{"mcp_find_stream_origin",
                                    "SELECT message, created_at > now() - interval '3 hours' FROM mcp.event "
                                    "WHERE session_id = $1 AND stream_id = $2 AND sequence = 0"};

}  // namespace

std::string EventPosition::text() const { return base::base32_of(stream) + '_' + std::to_string(sequence); }

std::optional<EventPosition> EventPosition::parse(std::string_view text) {
    const auto separator = text.find('_');
    if (separator == std::string_view::npos) return std::nullopt;
    const auto stream = base::uuid_of_base32(text.substr(0, separator));
    const auto digits = text.substr(separator + 1);
    EventPosition position;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), position.sequence);
    if (!stream || problem != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    position.stream = *stream;
    return position;
}

void store_event(db::Session& database, const Seals& seals, const base::Uuid& session,
                 const base::Uuid& stream, const StoredEvent& event) {
    const auto sealed = event.message.empty()
                            ? std::string{}
                            : seals.message.seal(event.message, EventPosition{stream, event.sequence}.text());
    database.query(store, session, stream, event.sequence, sealed, event.is_last);
}

std::optional<StreamRest> events_after(db::Session& database, const Seals& seals, const base::Uuid& session,
                                       const EventPosition& position) {
    const auto rows = database.query(find, session, position.stream, position.sequence);
    if (rows.empty() || rows.front().integer(0) != position.sequence) return std::nullopt;
    StreamRest rest;
    for (const auto row : rows) {
        const EventPosition at{position.stream, row.integer(0)};
        auto message = row.text(1).empty() ? std::nullopt : seals.message.open(row.text(1), at.text());
        rest.is_complete = row.boolean(2);
        rest.events.push_back({at.sequence, std::move(message).value_or(""), row.boolean(2)});
    }
    rest.events.erase(rest.events.begin());
    return rest;
}

StreamOrigin StreamOrigin::of_this_process(json request_id) {
    return {.runner = tool::this_runner(), .request_id = std::move(request_id)};
}

std::string StreamOrigin::text() const {
    json text{{"runner", runner}};
    text["request"] = request_id;
    return schema::dump(text);
}

StreamOwner owner_of(db::Session& database, const Seals& seals, const base::Uuid& session,
                     const base::Uuid& stream) {
    const auto rows = database.query(find_origin, session, stream);
    if (rows.empty()) return {.request_id = nullptr, .is_running = false};
    const auto row = rows.front();
    const auto text = seals.message.open(row.text(0), EventPosition{stream, 0}.text());
    if (!text) return {.request_id = nullptr, .is_running = false};
    const json origin = schema::parse(*text);
    return {.request_id = origin["request"],
            .is_running = tool::is_running(origin["runner"].get<std::string>(), row.boolean(1))};
}

std::string key_of_stream(const base::Uuid& stream) { return "stream/" + stream.text(); }

}  // namespace mcp
