#include "bridge/events.hpp"

#include <charconv>

namespace bridge {

void EventReader::feed(std::string_view bytes) {
    pending_ += bytes;
    std::size_t start = 0;
    for (auto end = pending_.find('\n'); end != std::string::npos; end = pending_.find('\n', start)) {
        std::string_view line{pending_.data() + start, end - start};
        if (line.ends_with('\r')) line.remove_suffix(1);
        take_line(line);
        start = end + 1;
    }
    pending_.erase(0, start);
}

void EventReader::take_line(std::string_view line) {
    if (line.empty()) {
        if (!data_.empty()) on_data_(data_);
        data_.clear();
        return;
    }
    const auto colon = line.find(':');
    if (colon == 0) return;  // a comment
    auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    take_field(line.substr(0, colon), value);
}

void EventReader::take_field(std::string_view name, std::string_view value) {
    if (name == "id") last_event_id_ = value;
    if (name == "retry") {
        long delay = 0;
        const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), delay);
        if (problem == std::errc{} && delay >= 0 && delay <= 60'000)
            retry_ = std::chrono::milliseconds{delay};
    }
    if (name != "data") return;
    if (!data_.empty()) data_ += '\n';
    data_ += value;
}

}  // namespace bridge
