#include "redaction/search.hpp"

#include <algorithm>

namespace redaction {

void Search::add(Encoding encoding) {
    const auto is_there = std::any_of(texts_.begin(), texts_.end(), [&](const auto& known) {
        return known.alphabet == encoding.alphabet && known.text.reveal() == encoding.text.reveal();
    });
    if (is_there) return;
    longest_ = std::max(longest_, encoding.text.reveal().size());
    texts_.push_back(std::move(encoding));
}

void Search::prepare() {
    shifts_.fill(window - 1);
    entries_.clear();
    for (std::size_t text = 0; text < texts_.size(); ++text) {
        const auto bytes = texts_[text].text.reveal();
        for (std::size_t at = 0; at + 2 <= window; ++at) {
            auto& shift = shifts_[block_of(bytes.data() + at)];
            shift = std::min(shift, static_cast<std::uint8_t>(window - 2 - at));
        }
        entries_.push_back({block_of(bytes.data() + window - 2), text});
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
