#include "http_client/resolver.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <thread>

#include "base/error.hpp"
#include "base/wait.hpp"

namespace http_client {
namespace {

constexpr int most_lookups = 64;
constexpr std::chrono::milliseconds cancel_pause{250};
std::atomic<int> lookups = 0;

/// Room for one more thread.
class Lookup {
public:
    Lookup() : has_room_{++lookups <= most_lookups} {}
    Lookup(const Lookup&) = delete;
    ~Lookup() { --lookups; }
    bool has_room() const noexcept { return has_room_; }

private:
    bool has_room_;
};

}  // namespace

std::vector<Address> resolve_with_system(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_family = AF_UNSPEC;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list{found, &::freeaddrinfo};
    std::vector<Address> addresses;
    for (const auto* entry = list.get(); entry; entry = entry->ai_next) {
        const auto address = Address::of(entry->ai_addr);
        if (!address) return {};
        if (std::find(addresses.begin(), addresses.end(), *address) == addresses.end())
            addresses.push_back(*address);
    }
    return addresses;
}

std::vector<Address> resolve_before(std::chrono::steady_clock::time_point deadline, const Resolver& resolver,
                                    const std::string& host, const std::function<bool()>& is_cancelled) {
    using base::Error;
    using base::Reason;
    auto lookup = std::make_shared<Lookup>();
    if (!lookup->has_room())
        throw Error{Reason::upstream_failed, "upstream_unreachable", host + " cannot be resolved now"};
    std::packaged_task<std::vector<Address>()> task{
        [resolver, host, lookup = std::move(lookup)] { return resolver(host); }};
    auto found = task.get_future();
    const base::Wait wait;
    std::thread{std::move(task)}.detach();
    for (;;) {
        const auto now = std::chrono::steady_clock::now();
        if (found.wait_until(std::min(deadline, now + cancel_pause)) == std::future_status::ready)
            return found.get();
        if (is_cancelled && is_cancelled())
            throw Error{Reason::unavailable, "cancelled", "the call was cancelled"};
        if (std::chrono::steady_clock::now() >= deadline)
            throw Error{Reason::upstream_failed, "upstream_timeout", host + " was not resolved in time"};
    }
}

}  // namespace http_client
