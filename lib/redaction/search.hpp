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
    std::size_t longest() const noexcept { return longest_; }

    /// What stands in `bytes`, from left to right without overlap, the longest where several begin together.
    template <class Found>
    void find(std::string_view bytes, Found found) const {
        for (std::size_t at = 0; at + window <= bytes.size();) {
            const auto block = block_of(bytes.data() + at + window - 2);
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
    static constexpr std::size_t window = 8;

    struct Entry {
        std::uint16_t block;
        std::size_t text;
    };

    static std::uint16_t block_of(const char* two) noexcept {
        return static_cast<std::uint16_t>(classes[static_cast<unsigned char>(two[0])] |
                                          classes[static_cast<unsigned char>(two[1])] << 6);
    }
    std::size_t match_at(std::uint16_t block, std::string_view bytes) const;

    std::array<std::uint8_t, blocks> shifts_{};
    std::vector<Encoding> texts_;
    std::vector<Entry> entries_;  ///< by block, then the longest text first
    std::size_t longest_ = 0;
};

}  // namespace redaction
