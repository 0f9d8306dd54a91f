#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace bridge {

/// Reads an event stream (text/event-stream) that arrives in pieces.
class EventReader {
public:
    /// `on_data` gets the data of each event that has any, its lines joined.
    explicit EventReader(std::function<void(const std::string&)> on_data) : on_data_{std::move(on_data)} {}

    void feed(std::string_view bytes);

    const std::string& last_event_id() const noexcept { return last_event_id_; }
    /// How long the server asks to wait before resuming.
    std::optional<std::chrono::milliseconds> retry() const noexcept { return retry_; }

private:
    void take_line(std::string_view line);
    void take_field(std::string_view name, std::string_view value);

    std::function<void(const std::string&)> on_data_;
    std::string pending_;
    std::string data_;
    std::string last_event_id_;
    std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace bridge
