#pragma once

#include <chrono>
#include <set>
#include <string>

#include "mcp/hub.hpp"

namespace mcp {

/// When a stream that waits must do something, whatever its traffic: say a comment, so that nobody on the way
/// closes it; ask whether its caller may still listen; look again for rows that could not be read.
class Pulse {
public:
    /// The mailbox is asked to receive changes of credentials.
    explicit Pulse(Hub::Mailbox& mailbox);

    /// The time until the first of them.
    std::chrono::milliseconds rest() const;
    /// Waits that long at most and takes what arrived. Without an exchange there is no client to go.
    Hub::Mailbox::Woken wait(http::Exchange* exchange, std::set<std::string>& arrived);

    /// Each is true once an interval.
    bool is_comment_due();
    bool is_check_due();
    /// The database did not answer: wake soon.
    void retry_soon();

private:
    using Clock = std::chrono::steady_clock;

    Hub::Mailbox& mailbox_;
    Clock::time_point comment_;
    Clock::time_point check_;
    Clock::time_point retry_ = Clock::time_point::max();
};

}  // namespace mcp
