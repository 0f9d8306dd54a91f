#include "mcp/event_store.hpp"

#include <charconv>

#include "mcp/seals.hpp"

namespace mcp {
namespace {

constexpr db::Statement store{
    "mcp_store_event",
    "WITH stored AS (INSERT INTO mcp.event (workspace_id, session_id, stream_id, sequence, message, is_last) "
    "VALUES (workspace.current_id(), $1, $2, $3, $4, $5) RETURNING stream_id) "
    "SELECT pg_notify('mcp', 'stream/' || stream_id) FROM stored"};
constexpr db::Statement find{"mcp_find_events",
                             "SELECT sequence, message, is_last FROM mcp.event "
                             "WHERE session_id = $1 AND stream_id = $2 AND sequence >= $3 ORDER BY sequence"};

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

std::optional<std::vector<StoredEvent>> events_after(db::Session& database, const Seals& seals,
                                                     const base::Uuid& session,
                                                     const EventPosition& position) {
    const auto rows = database.query(find, session, position.stream, position.sequence);
    if (rows.empty() || rows.front().integer(0) != position.sequence) return std::nullopt;
    std::vector<StoredEvent> events;
    for (const auto row : rows) {
        const EventPosition at{position.stream, row.integer(0)};
        auto message = row.text(1).empty() ? std::nullopt : seals.message.open(row.text(1), at.text());
        events.push_back({at.sequence, std::move(message).value_or(""), row.boolean(2)});
    }
    events.erase(events.begin());
    return events;
}

std::string key_of_stream(const base::Uuid& stream) { return "stream/" + stream.text(); }

}  // namespace mcp
