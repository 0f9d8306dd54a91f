#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mcp {

/// Severities of log messages (RFC 5424), least severe first.
enum class LogLevel : std::uint8_t { debug, info, notice, warning, error, critical, alert, emergency };

std::string_view text_of(LogLevel level) noexcept;
std::optional<LogLevel> log_level_of(std::string_view text) noexcept;

}  // namespace mcp
