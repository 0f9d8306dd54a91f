#pragma once

#include <optional>
#include <type_traits>

#include "base/error.hpp"
#include "db/error.hpp"

namespace mcp {

/// What `ask` answers; nothing while the database cannot be asked. Who waits for rows asks again: a restart
/// of PostgreSQL ends no stream.
template <class Ask>
std::optional<std::invoke_result_t<Ask>> unless_down(const Ask& ask) {
    try {
        return ask();
    } catch (const db::ConnectionLost&) {
        return std::nullopt;
    } catch (const base::Error& error) {
        if (error.reason() != base::Reason::unavailable) throw;
        return std::nullopt;
    }
}

/// Whether what `ask` looks at still holds; a base::Error means that it does not, an outage that nobody
/// knows.
template <class Ask>
bool may_hold(const Ask& ask) {
    try {
        return unless_down(ask).value_or(true);
    } catch (const base::Error&) {
        return false;
    }
}

}  // namespace mcp
