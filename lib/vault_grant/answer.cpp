#include "vault_grant/answer.hpp"

#include <time.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "schema/json.hpp"

namespace vault_grant {
namespace {

using schema::json;
using Time = base::Clock::time_point;

constexpr std::int64_t longest_lifetime = 10LL * 365 * 86400;

json object_of(const std::string& body) {
    try {
        auto value = schema::parse(body);
        if (value.is_object()) return value;
    } catch (const base::Error&) {
    }
    return json::object();
}

std::string text_at(const json& object, const char* name) {
    const auto member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

std::optional<std::int64_t> seconds_of(std::string_view text) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size() || seconds <= 0) return std::nullopt;
    return std::min(seconds, longest_lifetime);
}

std::optional<std::int64_t> lifetime_of(const json& object) {
    const auto member = object.find("expires_in");
    if (member == object.end()) return std::nullopt;
    if (member->is_string()) return seconds_of(member->get<std::string>());
    if (!member->is_number()) return std::nullopt;
    const auto number = member->get<double>();
    if (!(number > 0)) return std::nullopt;
    return static_cast<std::int64_t>(std::min(number, static_cast<double>(longest_lifetime)));
}

std::optional<Time> time_of(const std::string& rfc3339, Time now) {
    std::tm parts{};
    const char* end = ::strptime(rfc3339.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    if (!end || (*end != 'Z' && *end != '.')) return std::nullopt;
    const auto longest =
        base::Clock::to_time_t(now) + longest_lifetime;  // the clock cannot count to any year
    return base::Clock::from_time_t(std::clamp<std::time_t>(::timegm(&parts), 0, longest));
}

std::optional<Time> expiry_of(const json& object, const vault::Grant& grant, Time now) {
    if (const auto lifetime = lifetime_of(object)) return now + std::chrono::seconds{*lifetime};
    if (const auto time = time_of(text_at(object, "expires_at"), now)) return time;
    if (grant.lifetime_s) return now + std::chrono::seconds{*grant.lifetime_s};
    return std::nullopt;
}

std::optional<Time> retry_of(const http_client::Response& response, Time now) {
    const auto seconds = seconds_of(response.field("retry-after"));
    if (!seconds) return std::nullopt;
    return now + std::chrono::seconds{std::min<std::int64_t>(*seconds, 86400)};
}

/// An error code as the standard writes it; anything else is not repeated.
std::string quotable(const std::string& error) {
    const bool is_code = error.size() <= 64 && error.find_first_not_of(
                                                   "abcdefghijklmnopqrstuvwxyz"
                                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                   "0123456789_-.") == std::string::npos;
    return is_code ? error : "";
}

bool means_lost(const std::string& error, const vault::Grant& grant) {
    return error == "invalid_grant" ||
           std::find(grant.lost_errors.begin(), grant.lost_errors.end(), error) != grant.lost_errors.end();
}

bool means_transient(const std::string& error) {
    static constexpr std::array errors{std::string_view{"temporarily_unavailable"},
                                       std::string_view{"server_error"}, std::string_view{"slow_down"},
                                       std::string_view{"ratelimited"}};
    return std::find(errors.begin(), errors.end(), error) != errors.end();
}

Failure failure_of(const http_client::Response& response, const json& object, const vault::Grant& grant,
                   Time now) {
    const auto error = quotable(text_at(object, "error"));
    const auto status = std::to_string(response.status);
    const auto said = "the token endpoint answered " + status + (error.empty() ? "" : " " + error);
    if (response.status == 429 || response.status >= 500 || means_transient(error))
        return {Failure::Kind::transient, said, retry_of(response, now)};
    if (means_lost(error, grant)) return {Failure::Kind::lost, said, {}};
    return {Failure::Kind::misconfigured, said, {}};
}

}  // namespace

std::string error_code_in(const http_client::Response& response) {
    return quotable(text_at(object_of(response.body), "error"));
}

Answer answer_of(const http_client::Response& response, const vault::Grant& grant, Time now) {
    auto object = object_of(response.body);
    auto access = text_at(object, grant.type == vault::GrantType::github_app ? "token" : "access_token");
    const bool is_success = response.status >= 200 && response.status <= 299 && !object.contains("error");
    if (!is_success || access.empty()) return failure_of(response, object, grant, now);
    auto refresh = text_at(object, "refresh_token");
    return Grantee{.access = base::Secret::take(access),
                   .refresh = base::Secret::take(refresh),
                   .expires_at = expiry_of(object, grant, now)};
}

}  // namespace vault_grant
