#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redaction {

/// By what a text is known without being kept: its size, 32 bits of its first 8 bytes, and 128 bits of its
/// HMAC-SHA-256.
struct Mark {
    std::uint32_t window = 0;
    std::uint32_t size = 0;
    std::string digest;

    std::string text() const;  ///< "window.size.digest", hexadecimal
    static std::optional<Mark> parse(std::string_view text);
};

/// Finds secrets in a text that it does not know, only their marks: the way to watch for many secrets without
/// opening them. Costs a multiplication a byte while nothing is found.
class Fingerprints {
public:
    /// Marks are comparable under one key. A secret key keeps those who see marks from guessing.
    explicit Fingerprints(std::string_view key);

    /// One mark for each form of the secret (encodings_of). None when it is too short to be told from text.
    std::vector<Mark> marks_of(std::string_view secret) const;
    /// `owner` is what find() gives back.
    void add(Mark mark, std::size_t owner);
    void prepare();

    bool empty() const noexcept { return marks_.empty(); }
    /// Whose secret stands in the text, in any form and with any escapes undone.
    std::optional<std::size_t> find(std::string_view text) const;

private:
    struct Owned {
        Mark mark;
        std::size_t owner;
    };

    std::uint32_t window_of(const char* bytes) const noexcept;
    std::optional<std::size_t> find_folded(std::string_view bytes) const;
    std::optional<std::size_t> find_in(std::string_view bytes) const;
    std::optional<std::size_t> owner_at(std::uint32_t window, std::string_view bytes) const;
    std::string digest_of(std::string_view text) const;

    std::string key_;
    std::uint64_t multiplier_;
    std::bitset<65536> filter_;
    std::vector<Owned> marks_;  ///< by window
    std::size_t longest_ = 0;
};

}  // namespace redaction
