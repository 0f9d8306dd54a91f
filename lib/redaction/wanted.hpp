#pragma once

#include <bitset>
#include <string_view>

#include "redaction/encodings.hpp"

namespace redaction {

/// What all texts that are looked for are made of: by it most other texts are told from them at once.
class Wanted {
public:
    /// Any text of up to so many bytes.
    static Wanted anything(std::size_t longest);

    void add(const Encoding& encoding);

    bool has(char c) const { return bytes_[static_cast<unsigned char>(c)]; }
    bool has_all(std::string_view bytes) const;
    /// Whether the second byte follows the first one somewhere.
    bool has_pair(char first, char second) const { return pairs_[pair_of(first, second)]; }
    /// How many bytes a text may take with all of them escaped.
    std::size_t reach() const noexcept { return reach_; }

private:
    static std::size_t pair_of(char first, char second) noexcept {
        return static_cast<std::size_t>(static_cast<unsigned char>(first)) << 8 |
               static_cast<unsigned char>(second);
    }

    std::bitset<256> bytes_;
    std::bitset<256 * 256> pairs_;
    std::size_t reach_ = 0;
};

}  // namespace redaction
