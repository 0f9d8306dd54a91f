#include "mcp/hub.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/wait.hpp"

namespace mcp {
namespace {

constexpr const char* credential_channel = "gatehouse_credential";

}  // namespace

Hub::Hub(db::Database& database)
    : listener_{database,
                {"mcp", credential_channel},
                {.on_notification =
                     [this](const std::string& channel, const std::string& key) {
                         deliver(channel == credential_channel ? credentials : key);
                     },
                 .on_gap = [this] { tell_gap(); }}} {}

void Hub::deliver(const std::string& key) {
    const std::lock_guard lock{mutex_};
    const auto [first, last] = waiting_.equal_range(key);
    for (auto each = first; each != last; ++each) each->second->put(key);
}

void Hub::tell_gap() {
    const std::lock_guard lock{mutex_};
    for (auto* mailbox : mailboxes_) mailbox->put(missed);
}

Hub::Mailbox::Mailbox(Hub& hub) : Mailbox{hub, {}} {}

Hub::Mailbox::Mailbox(Hub& hub, std::vector<std::string> keys)
    : hub_{hub}, event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
    if (event_ < 0) throw base::Error{base::Reason::unavailable, "overloaded", "too much is waiting"};
    {
        const std::lock_guard lock{hub_.mutex_};
        hub_.mailboxes_.insert(this);
    }
    for (auto& key : keys) add(std::move(key));
}

Hub::Mailbox::~Mailbox() {
    {
        const std::lock_guard lock{hub_.mutex_};
        hub_.mailboxes_.erase(this);
        for (const auto& key : keys_) {
            const auto [first, last] = hub_.waiting_.equal_range(key);
            for (auto each = first; each != last; ++each) {
                if (each->second != this) continue;
                hub_.waiting_.erase(each);
                break;
            }
        }
    }
    ::close(event_);
}

void Hub::Mailbox::add(std::string key) {
    const std::lock_guard lock{hub_.mutex_};
    hub_.waiting_.emplace(key, this);
    keys_.push_back(std::move(key));
}

void Hub::Mailbox::put(const std::string& key) {
    {
        const std::lock_guard lock{mutex_};
        arrived_.insert(key);
        has_any_ = true;
    }
    ::eventfd_write(event_, 1);
}

bool Hub::Mailbox::has(const std::string& key) const {
    if (!has_any_) return false;
    const std::lock_guard lock{mutex_};
    return arrived_.contains(key);
}

std::set<std::string> Hub::Mailbox::take() {
    eventfd_t count = 0;
    ::eventfd_read(event_, &count);
    const std::lock_guard lock{mutex_};
    has_any_ = false;
    return std::exchange(arrived_, {});
}

Hub::Mailbox::Woken Hub::Mailbox::wait(http::Exchange* exchange, std::chrono::milliseconds limit) {
    if (exchange != nullptr && exchange->is_over()) return Woken::gone;
    const base::Wait waits;
    pollfd watched[2]{{event_, POLLIN, 0}, {exchange == nullptr ? -1 : exchange->descriptor(), POLLIN, 0}};
    if (::poll(watched, 2, static_cast<int>(limit.count())) <= 0) return Woken::idle;
    if ((watched[0].revents & POLLIN) != 0) return Woken::message;
    return exchange->is_over() ? Woken::gone : Woken::idle;
}

}  // namespace mcp
