#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/uuid.hpp"
#include "db/session.hpp"

namespace mcp {

struct Seals;

/// One event of a resumable stream.
struct StoredEvent {
    std::int64_t sequence = 0;
    std::string message;  ///< JSON text; empty in the event that primes the client
    bool is_last = false;
};

/// The place in a stream that an event id names: "<stream>_<sequence>".
struct EventPosition {
    base::Uuid stream;
    std::int64_t sequence = 0;

    std::string text() const;
    static std::optional<EventPosition> parse(std::string_view text);
};

/// Keeps an event, sealed, and wakes who follows the stream.
void store_event(db::Session& database, const Seals& seals, const base::Uuid& session,
                 const base::Uuid& stream, const StoredEvent& event);

/// What follows a position on its stream; nothing when the session has no such stream (any more).
std::optional<std::vector<StoredEvent>> events_after(db::Session& database, const Seals& seals,
                                                     const base::Uuid& session,
                                                     const EventPosition& position);

/// What a mailbox receives when the stream has a new event.
std::string key_of_stream(const base::Uuid& stream);

}  // namespace mcp
