#include "redaction/search.hpp"

#include <algorithm>

namespace redaction {

void Search::add(Encoding encoding) {
    const auto is_there = std::any_of(texts_.begin(), texts_.end(), [&](const auto& known) {
        return known.alphabet == encoding.alphabet && known.text.reveal() == encoding.text.reveal();
    });
    if (is_there) return;
    texts_.push_back(std::move(encoding));
}

void Search::prepare() {
    window_ = longest_window;
    for (const auto& known : texts_) window_ = std::min(window_, known.text.reveal().size());
    const auto last = window_ - block_size;
    shifts_.fill(static_cast<std::uint8_t>(last + 1));
    entries_.clear();
    for (std::size_t text = 0; text < texts_.size(); ++text) {
        const auto* bytes = texts_[text].text.reveal().data();
        for (std::size_t at = 0; at <= last; ++at) {
            auto& shift = shifts_[block_at(bytes + at)];
            shift = std::min(shift, static_cast<std::uint8_t>(last - at));
        }
        entries_.push_back({block_at(bytes + last), text});
    }
    std::sort(entries_.begin(), entries_.end(), [&](const Entry& left, const Entry& right) {
        if (left.block != right.block) return left.block < right.block;
        return texts_[left.text].text.reveal().size() > texts_[right.text].text.reveal().size();
    });
}

std::size_t Search::match_at(std::uint16_t block, std::string_view bytes) const {
    auto entry =
        std::lower_bound(entries_.begin(), entries_.end(), block,
                         [](const Entry& known, std::uint16_t wanted) { return known.block < wanted; });
    for (; entry != entries_.end() && entry->block == block; ++entry) {
        const auto& [text, alphabet] = texts_[entry->text];
        if (begins_with(alphabet, bytes, text.reveal())) return text.reveal().size();
    }
    return 0;
}

}  // namespace redaction
