#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/uuid.hpp"
#include "db/session.hpp"

namespace mcp {

using json = nlohmann::json;

struct Seals;

/// One event of a resumable stream.
struct StoredEvent {
    std::int64_t sequence = 0;
    std::string message;  ///< JSON text; empty where only the place counts
    bool is_last = false;
};

/// The place in a stream that an event id names: "<stream>_<sequence>".
struct EventPosition {
    base::Uuid stream;
    std::int64_t sequence = 0;

    std::string text() const;
    static std::optional<EventPosition> parse(std::string_view text);
};

/// Keeps an event, sealed, and wakes who follows the stream. May be repeated.
void store_event(db::Session& database, const Seals& seals, const base::Uuid& session,
                 const base::Uuid& stream, const StoredEvent& event);

/// What follows a position on its stream.
struct StreamRest {
    std::vector<StoredEvent> events;
    bool is_complete = false;  ///< nothing will follow them
};
/// Nothing when the session has no such stream (any more).
std::optional<StreamRest> events_after(db::Session& database, const Seals& seals, const base::Uuid& session,
                                       const EventPosition& position);

/// Who sends a stream, and which request it answers. Kept as the message of its event 0, which primes the
/// client and is never sent.
struct StreamOrigin {
    std::string runner;  ///< see tool/runner.hpp
    json request_id;

    static StreamOrigin of_this_process(json request_id);
    std::string text() const;
};
/// Whether the process that answers can still do so.
struct StreamOwner {
    json request_id;
    bool is_running = true;
};
StreamOwner owner_of(db::Session& database, const Seals& seals, const base::Uuid& session,
                     const base::Uuid& stream);

/// What a mailbox receives when the stream has a new event.
std::string key_of_stream(const base::Uuid& stream);

}  // namespace mcp
