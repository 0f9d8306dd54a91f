#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "egress_client/messages.hpp"
#include "http_client/message.hpp"
#include "vault/connector.hpp"

namespace egress {

/// What an answer says of rate limits: by the connector's rules, else by the customary header names with
/// the unit guessed from the value's form and size. `counted`: see counted_form().
std::vector<egress_client::RateLimit> rate_limits_of(const http_client::Response& response,
                                                     const vault::Connector& connector,
                                                     base::Clock::time_point now, const std::string& counted);

/// When to try again: Retry-After (RFC 9110 section 10.2.3), else the reset of a limit that is used up when
/// the answer is 429.
std::optional<std::string> retry_at_of(const http_client::Response& response,
                                       const std::vector<egress_client::RateLimit>& limits,
                                       base::Clock::time_point now);

/// A reset time in one of the units that are about; nothing when it cannot be read.
std::optional<base::Clock::time_point> reset_time(std::string_view text, vault::ResetUnit unit,
                                                  base::Clock::time_point now);

}  // namespace egress
