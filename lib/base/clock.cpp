#include "base/clock.hpp"

#include <cstdio>
#include <ctime>

namespace base {

std::string rfc3339_of(Clock::time_point time) {
    const auto millis = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
    const std::time_t seconds = static_cast<std::time_t>(millis / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900,
                  parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                  static_cast<int>(millis % 1000));
    return text;
}

std::optional<std::string> rfc3339_of(const std::optional<Clock::time_point>& time) {
    return time ? std::make_optional(rfc3339_of(*time)) : std::nullopt;
}

}  // namespace base
