#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace base {

using Clock = std::chrono::system_clock;

/// UTC with milliseconds: 2026-11-25T14:58:30.123Z (RFC 3339).
std::string rfc3339_of(Clock::time_point time);
/// Nothing of nothing.
std::optional<std::string> rfc3339_of(const std::optional<Clock::time_point>& time);

}  // namespace base
