#include "oauth/unicode.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "oauth/client_metadata.hpp"

namespace oauth {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

constexpr std::array<Range, 11> hidden{{
    {0x0000, 0x001f},
    {0x007f, 0x009f},
    {0x00ad, 0x00ad},
    {0x061c, 0x061c},
    {0x180e, 0x180e},
    {0x200b, 0x200f},
    {0x2028, 0x202e},
    {0x2060, 0x206f},
    {0xfe00, 0xfe0f},
    {0xfeff, 0xfeff},
    {0xe0000, 0xe01ef},
}};

std::size_t size_at(std::string_view text, std::size_t place) noexcept {
    const auto lead = static_cast<unsigned char>(text[place]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return std::min(size, text.size() - place);
}

char32_t code_point_of(std::string_view bytes) noexcept {
    static constexpr std::array<unsigned, 5> masks{0, 0x7f, 0x1f, 0x0f, 0x07};
    char32_t point = static_cast<unsigned char>(bytes[0]) & masks[bytes.size()];
    for (const char byte : bytes.substr(1)) point = point << 6 | (static_cast<unsigned char>(byte) & 0x3f);
    return point;
}

bool is_hidden(char32_t point) noexcept {
    return std::ranges::any_of(
        hidden, [&](const Range& range) { return point >= range.first && point <= range.last; });
}

}  // namespace

std::size_t length_of(std::string_view text) noexcept {
    std::size_t length = 0;
    for (std::size_t place = 0; place < text.size(); place += size_at(text, place)) ++length;
    return length;
}

std::string displayable(std::string_view text) {
    std::string shown;
    for (std::size_t place = 0; place < text.size();) {
        const auto bytes = text.substr(place, size_at(text, place));
        if (!is_hidden(code_point_of(bytes))) shown += bytes;
        place += bytes.size();
    }
    return shown;
}

}  // namespace oauth
