#include "mcp/pulse.hpp"

#include <algorithm>

#include "mcp/event_stream.hpp"

namespace mcp {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds retry_pause{500};
/// The process's memory of credentials hears of a change on a connection of its own, perhaps later.
constexpr milliseconds settling_time{300};

}  // namespace

Pulse::Pulse(Hub::Mailbox& mailbox)
    : mailbox_{mailbox},
      comment_{Clock::now() + keep_alive_interval},
      check_{Clock::now() + keep_alive_interval} {
    mailbox_.add(Hub::credentials);
}

milliseconds Pulse::rest() const {
    const auto left = std::min({comment_, check_, retry_}) - Clock::now();
    return std::max(std::chrono::ceil<milliseconds>(left), milliseconds{0});
}

Hub::Mailbox::Woken Pulse::wait(http::Exchange* exchange, std::set<std::string>& arrived) {
    const auto woken = mailbox_.wait(exchange, rest());
    arrived = mailbox_.take();
    if (arrived.contains(Hub::credentials)) check_ = std::min(check_, Clock::now() + settling_time);
    if (Clock::now() >= retry_) retry_ = Clock::time_point::max();
    return woken;
}

bool Pulse::is_comment_due() {
    if (Clock::now() < comment_) return false;
    comment_ = Clock::now() + keep_alive_interval;
    return true;
}

bool Pulse::is_check_due() {
    if (Clock::now() < check_) return false;
    check_ = Clock::now() + keep_alive_interval;
    return true;
}

void Pulse::retry_soon() { retry_ = Clock::now() + retry_pause; }

}  // namespace mcp
