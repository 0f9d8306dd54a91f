#include "mcp/logging.hpp"

#include <array>

namespace mcp {
namespace {

constexpr std::array<std::string_view, 8> names{"debug", "info",     "notice", "warning",
                                                "error", "critical", "alert",  "emergency"};

}  // namespace

std::string_view text_of(LogLevel level) noexcept { return names[static_cast<std::size_t>(level)]; }

std::optional<LogLevel> log_level_of(std::string_view text) noexcept {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == text) return static_cast<LogLevel>(i);
    }
    return std::nullopt;
}

}  // namespace mcp
