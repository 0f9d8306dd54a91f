#pragma once

#include <chrono>
#include <string>

#include "base/error.hpp"
#include "db/session.hpp"

namespace account {

/// What attempts are counted under. The first `free` within an hour cost nothing, each further one doubles
/// the time until the next (1 s, 2 s, 4 s ...), at most `longest`.
struct Bucket {
    std::string name;
    int free = 5;
    std::chrono::seconds longest{300};
};

/// Refused for now: rate_limited "too_many_attempts".
class TooManyAttempts : public base::Error {
public:
    explicit TooManyAttempts(std::chrono::seconds retry_after);
    std::chrono::seconds retry_after() const noexcept { return retry_after_; }

private:
    std::chrono::seconds retry_after_;
};

/// Counts an attempt before it is made, so that parallel ones cannot slip through. Throws TooManyAttempts.
/// REQUIRES: a session that commits at once.
void require_attempt(db::Session& session, const Bucket& bucket);

/// The attempt succeeded: begin anew.
void forgive(db::Session& session, const Bucket& bucket);

/// The attempt succeeded, and says nothing about the others that are counted with it: it does not count.
void withdraw_attempt(db::Session& session, const Bucket& bucket);

/// The part of an address that one person can change at will is left out: all of an IPv6 /64 is one.
std::string network_of(const std::string& address);

}  // namespace account
