#include "account/throttle.hpp"

#include <arpa/inet.h>

#include <cmath>

namespace account {

TooManyAttempts::TooManyAttempts(std::chrono::seconds retry_after)
    : Error{base::Reason::rate_limited, "too_many_attempts",
            "too many attempts; try again in " + std::to_string(retry_after.count()) + " s"},
      retry_after_{retry_after} {}

void require_attempt(db::Session& session, const Bucket& bucket) {
    static constexpr db::Statement attempt{"account.attempt",
                                           "SELECT account.attempt($1, $2, make_interval(secs => $3))"};
    const auto result = session.query(attempt, bucket.name, bucket.free, bucket.longest.count());
    const auto seconds = result.front().number(0);
    if (seconds > 0)
        throw TooManyAttempts{std::chrono::seconds{static_cast<std::int64_t>(std::ceil(seconds))}};
}

void forgive(db::Session& session, const Bucket& bucket) {
    static constexpr db::Statement remove{"account.forgive",
                                          "DELETE FROM account.throttle WHERE bucket = $1"};
    session.query(remove, bucket.name);
}

void withdraw_attempt(db::Session& session, const Bucket& bucket) {
    static constexpr db::Statement update{"account.withdraw_attempt",
                                          "UPDATE account.throttle SET attempts = greatest(attempts - 1, 0), "
                                          "blocked_until = now() WHERE bucket = $1"};
    session.query(update, bucket.name);
}

std::string network_of(const std::string& address) {
    in6_addr bytes{};
    if (inet_pton(AF_INET6, address.c_str(), &bytes) != 1) return address;
    for (int i = 8; i < 16; ++i) bytes.s6_addr[i] = 0;
    char text[INET6_ADDRSTRLEN];
    return std::string{inet_ntop(AF_INET6, &bytes, text, sizeof text)} + "/64";
}

}  // namespace account
