#include "crypto/checksum.hpp"

#include <array>

namespace crypto {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) ? 0xedb88320U : 0U);
        table[i] = value;
    }
    return table;
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) noexcept {
    static constexpr auto table = make_table();
    std::uint32_t value = ~0U;
    for (const char c : bytes) value = table[(value ^ static_cast<unsigned char>(c)) & 0xff] ^ (value >> 8);
    return ~value;
}

}  // namespace crypto
