#include "db/listener.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.hpp"
#include "db/connection.hpp"

namespace db {
namespace {

constexpr std::chrono::milliseconds retry_pause{200};
constexpr std::chrono::milliseconds idle_wait{30'000};

}  // namespace

Listener::Listener(Database& database, std::vector<std::string> channels, Handlers handlers)
    : database_{database},
      channels_{std::move(channels)},
      handlers_{std::move(handlers)},
      wake_{eventfd(0, EFD_CLOEXEC)},
      thread_{[this] { follow(); }} {}

Listener::~Listener() {
    stopping_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
    thread_.join();
    ::close(wake_);
}

void Listener::follow() {
    while (!stopping_) {
        try {
            follow_once();
        } catch (const std::exception& error) {
            if (up_) base::log(base::Severity::warning, "listener_lost", {{"detail", error.what()}});
        }
        up_ = false;
        handlers_.on_gap();
        pollfd wake{wake_, POLLIN, 0};
        ::poll(&wake, 1, static_cast<int>(retry_pause.count()));
    }
}

void Listener::follow_once() {
    const auto connection = database_.connect();
    for (const auto& channel : channels_) connection->command("LISTEN " + channel);
    handlers_.on_gap();
    up_ = true;
    while (!stopping_) {
        for (const auto& [channel, payload] : connection->wait(idle_wait, wake_)) {
            handlers_.on_notification(channel, payload);
        }
    }
}

}  // namespace db
