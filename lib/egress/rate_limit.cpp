#include "egress/rate_limit.hpp"

#include <time.h>

#include <charconv>
#include <cmath>

#include "egress/bucket.hpp"

namespace egress {
namespace {

using base::Clock;
using egress_client::RateLimit;
using vault::RateRule;
using vault::ResetUnit;
using Time = Clock::time_point;

std::optional<double> number_of(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number) || number < 0)
        return std::nullopt;
    return number;
}

std::optional<std::int64_t> count_of(std::string_view text) {
    const auto number = number_of(text.substr(0, text.find_first_of(",; ")));
    if (!number || *number > 1e15) return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

/// The clock counts nanoseconds in 64 bits: a year such as 9999 does not fit.
std::optional<Time> plausible(double epoch_seconds) {
    if (epoch_seconds < 0 || epoch_seconds > 4e9) return std::nullopt;
    return Time{std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{epoch_seconds})};
}

double seconds_of(Time time) { return std::chrono::duration<double>{time.time_since_epoch()}.count(); }

std::optional<double> go_duration(std::string_view text) {
    double total = 0;
    while (!text.empty()) {
        const auto digits = text.find_first_not_of("0123456789.");
        const auto number =
            digits == std::string_view::npos ? std::nullopt : number_of(text.substr(0, digits));
        if (!number) return std::nullopt;
        text.remove_prefix(digits);
        const auto unit = text.substr(0, text.find_first_of("0123456789."));
        text.remove_prefix(unit.size());
        if (unit == "ms")
            total += *number / 1000;
        else if (unit == "s")
            total += *number;
        else if (unit == "m")
            total += *number * 60;
        else if (unit == "h")
            total += *number * 3600;
        else
            return std::nullopt;
    }
    return total;
}

std::optional<Time> calendar(std::string_view text, std::initializer_list<const char*> formats) {
    const std::string copy{text};
    for (const auto* format : formats) {
        std::tm parts{};
        const char* end = ::strptime(copy.c_str(), format, &parts);
        if (end && (*end == '\0' || *end == '.')) return plausible(static_cast<double>(::timegm(&parts)));
    }
    return std::nullopt;
}

std::optional<Time> rfc3339(std::string_view text) {
    return calendar(text, {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%S"});
}

std::optional<Time> http_date(std::string_view text) { return calendar(text, {"%a, %d %b %Y %H:%M:%S GMT"}); }

std::optional<Time> guessed_time(std::string_view text, Time now) {
    if (const auto number = number_of(text)) {
        if (*number > 1e12) return plausible(*number / 1000);
        return plausible(*number > 1e9 ? *number : seconds_of(now) + *number);
    }
    if (const auto seconds = go_duration(text)) return plausible(seconds_of(now) + *seconds);
    if (const auto time = rfc3339(text)) return time;
    return http_date(text);
}

template <class ResetTime>
void add_limit(std::vector<RateLimit>& limits, const http_client::Response& response, const RateRule& rule,
               std::string bucket, ResetTime reset_of) {
    RateLimit limit{.bucket = std::move(bucket), .limit = {}, .remaining = {}, .reset_at = {}};
    limit.limit = count_of(response.field(rule.limit));
    limit.remaining = count_of(response.field(rule.remaining));
    const auto reset = response.field(rule.reset);
    if (!reset.empty()) limit.reset_at = base::rfc3339_of(reset_of(reset));
    if (limit.limit || limit.remaining) limits.push_back(std::move(limit));
}

}  // namespace

std::optional<Time> reset_time(std::string_view text, ResetUnit unit, Time now) {
    const auto number = number_of(text);
    switch (unit) {
        case ResetUnit::epoch_s:
        case ResetUnit::epoch_float:
            return number ? plausible(*number) : std::nullopt;
        case ResetUnit::epoch_ms:
            return number ? plausible(*number > 1e11 ? *number / 1000 : *number) : std::nullopt;
        case ResetUnit::delta_s:
            return number ? plausible(seconds_of(now) + *number) : std::nullopt;
        case ResetUnit::window_ms:
            return number ? plausible(seconds_of(now) + *number / 1000) : std::nullopt;
        case ResetUnit::go_duration: {
            const auto seconds = go_duration(text);
            return seconds ? plausible(seconds_of(now) + *seconds) : std::nullopt;
        }
        case ResetUnit::rfc3339:
            return rfc3339(text);
        case ResetUnit::http_date:
            return http_date(text);
    }
    return std::nullopt;
}

std::vector<RateLimit> rate_limits_of(const http_client::Response& response,
                                      const vault::Connector& connector, Time now,
                                      const std::string& counted) {
    std::vector<RateLimit> limits;
    for (const auto& rule : connector.rate_limits) {
        add_limit(limits, response, rule, bucket_of(rule, response, counted),
                  [&](auto text) { return reset_time(text, rule.unit, now); });
    }
    if (!limits.empty()) return limits;
    for (const std::string prefix : {"ratelimit-", "x-ratelimit-", "x-rate-limit-"}) {
        const RateRule rule{"requests", prefix + "limit", prefix + "remaining", prefix + "reset", {}};
        add_limit(limits, response, rule, rule.bucket, [&](auto text) { return guessed_time(text, now); });
        if (!limits.empty()) break;
    }
    return limits;
}

std::optional<std::string> retry_at_of(const http_client::Response& response,
                                       const std::vector<RateLimit>& limits, Time now) {
    const auto after = response.field("retry-after");
    if (!after.empty()) {
        const auto seconds = number_of(after);
        const auto time = seconds ? plausible(seconds_of(now) + *seconds) : http_date(after);
        if (time) return base::rfc3339_of(*time);
    }
    if (response.status != 429) return std::nullopt;
    for (const auto& limit : limits) {
        if (limit.remaining == 0 && limit.reset_at) return limit.reset_at;
    }
    return std::nullopt;
}

}  // namespace egress
