#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "redaction/encodings.hpp"

namespace redaction {

/// Where a text was found: from `begin` up to, not including, `end`.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Looks for many texts at once (Wu and Manber 1994): most bytes are skipped, and what it is built from is
/// small enough to build it for every call.
class Search {
public:
    /// Its text has at least `least_size` bytes. Ends with prepare().
    void add(Encoding encoding);
    void prepare();

    bool empty() const noexcept { return texts_.empty(); }

    /// What stands in `bytes`, from left to right without overlap, the longest where several begin together.
    template <class Found>
    void find(std::string_view bytes, Found found) const {
        for (std::size_t at = 0; at + window_ <= bytes.size();) {
            const auto block = block_at(bytes.data() + at + window_ - block_size);
            if (const auto shift = shifts_[block]) {
                at += shift;
                continue;
            }
            const auto size = match_at(block, bytes.substr(at));
            if (size) found(Span{at, at + size});
            at += size ? size : 1;
        }
    }

private:
    static constexpr std::size_t block_size = 3;
    static constexpr std::size_t longest_window = 32;
    static constexpr int block_bits = 14;

    struct Entry {
        std::uint16_t block;
        std::size_t text;
    };

    /// A number of block_bits bits for the bytes, the same for all that any alphabet takes as one.
    static std::uint16_t block_at(const char* bytes) noexcept {
        const auto class_of = [&](int i) {
            return std::uint32_t{classes[static_cast<unsigned char>(bytes[i])]};
        };
        const auto number = class_of(0) | class_of(1) << 6 | class_of(2) << 12;
        return static_cast<std::uint16_t>((number * 0x9e3779b1U) >> (32 - block_bits));
    }
    std::size_t match_at(std::uint16_t block, std::string_view bytes) const;

    std::size_t window_ = longest_window;  ///< what every text begins with, at most
    std::array<std::uint8_t, 1 << block_bits> shifts_{};
    std::vector<Encoding> texts_;
    std::vector<Entry> entries_;  ///< by block, then the longest text first
};

}  // namespace redaction
