#include <arpa/inet.h>

#include <cmath>

#include "oauth/registration.hpp"
#include "oauth/registration_limit.hpp"

namespace oauth {
namespace {

constexpr const char* everyone = "*";
constexpr std::string_view mapped_prefix = "::ffff:";

struct Bucket {
    std::string source;
    int burst;
    double per_hour;
};

void take(db::Session& session, const Bucket& bucket) {
    static constexpr db::Statement statement{"oauth.take_registration",
                                             "SELECT oauth.take_registration($1, $2, $3)"};
    const double wait =
        session.query(statement, bucket.source, bucket.burst, bucket.per_hour).front().number(0);
    if (wait > 0) throw TooManyRegistrations{std::chrono::seconds{static_cast<long>(std::ceil(wait))}};
}

}  // namespace

TooManyRegistrations::TooManyRegistrations(std::chrono::seconds wait)
    : base::Error{base::Reason::rate_limited, "too_many_registrations",
                  "too many registrations came from this address; wait, or use the client_id that was given"},
      wait_{wait} {}

std::string registration_source_of(const std::string& remote_address) {
    in_addr v4{};
    const bool is_mapped = remote_address.starts_with(mapped_prefix);
    const auto plain = is_mapped ? remote_address.substr(mapped_prefix.size()) : remote_address;
    if (inet_pton(AF_INET, plain.c_str(), &v4) == 1) return plain;
    in6_addr v6{};
    if (inet_pton(AF_INET6, remote_address.c_str(), &v6) != 1) return "unknown";
    for (std::size_t i = 8; i < 16; ++i) v6.s6_addr[i] = 0;
    char text[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, &v6, text, sizeof text);
    return std::string{text} + "/64";
}

void take_registration(db::Session& session, const std::string& remote_address,
                       const base::Config::OAuth& limits) {
    take(session, {registration_source_of(remote_address), limits.registration_burst,
                   static_cast<double>(limits.registration_per_hour)});
    take(session, {everyone, limits.registration_per_day, limits.registration_per_day / 24.0});
}

}  // namespace oauth
