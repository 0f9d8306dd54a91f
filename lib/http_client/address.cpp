#include "http_client/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace http_client {
namespace {

constexpr Address::Bytes mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

struct Block {
    Address::Bytes prefix;
    int bits;
    Reach reach;
};

constexpr Block v4(int a, int b, int c, int d, int bits, Reach reach = Reach::internal) {
    auto bytes = mapped_prefix;
    bytes[12] = static_cast<std::uint8_t>(a);
    bytes[13] = static_cast<std::uint8_t>(b);
    bytes[14] = static_cast<std::uint8_t>(c);
    bytes[15] = static_cast<std::uint8_t>(d);
    return {bytes, 96 + bits, reach};
}

constexpr Block v6(std::initializer_list<int> groups, int bits, Reach reach = Reach::internal) {
    Address::Bytes bytes{};
    std::size_t i = 0;
    for (const int group : groups) {
        bytes[i++] = static_cast<std::uint8_t>(group >> 8);
        bytes[i++] = static_cast<std::uint8_t>(group);
    }
    return {bytes, bits, reach};
}

// The first match decides. IANA special-purpose registries (RFC 6890) and the clouds' documentation.
constexpr Block blocks[]{
    v4(169, 254, 169, 254, 32, Reach::metadata),
    v4(169, 254, 170, 2, 32, Reach::metadata),
    v4(169, 254, 170, 23, 32, Reach::metadata),
    v4(100, 100, 100, 200, 32, Reach::metadata),
    v4(168, 63, 129, 16, 32, Reach::metadata),
    v4(192, 0, 0, 192, 32, Reach::metadata),
    v6({0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254}, 128, Reach::metadata),
    v6({0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23}, 128, Reach::metadata),
    v6({0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254}, 128, Reach::metadata),
    v4(127, 0, 0, 0, 8, Reach::loopback),
    v6({0, 0, 0, 0, 0, 0, 0, 1}, 128, Reach::loopback),
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10),
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 88, 99, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(224, 0, 0, 0, 4),
    v4(240, 0, 0, 0, 4),
    v4(0, 0, 0, 0, 0, Reach::world),
    v6({0x2001, 0}, 23),
    v6({0x2001, 0xdb8}, 32),
    v6({0x2002}, 16),
    v6({0x3fff}, 20),
    v6({0x2000}, 3, Reach::world),
};

bool is_in(const Address::Bytes& bytes, const Block& block) noexcept {
    const auto whole = static_cast<std::size_t>(block.bits / 8);
    if (std::memcmp(bytes.data(), block.prefix.data(), whole) != 0) return false;
    const int rest = block.bits % 8;
    if (rest == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
    return (bytes[whole] & mask) == (block.prefix[whole] & mask);
}

Address mapped(const void* v4_bytes) {
    auto bytes = mapped_prefix;
    std::memcpy(bytes.data() + 12, v4_bytes, 4);
    return Address{bytes};
}

}  // namespace

std::optional<Address> Address::of(const sockaddr* address) {
    if (address->sa_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, address, sizeof in);
        return mapped(&in.sin_addr);
    }
    if (address->sa_family != AF_INET6) return std::nullopt;
    sockaddr_in6 in6{};
    std::memcpy(&in6, address, sizeof in6);
    if (in6.sin6_scope_id != 0) return std::nullopt;
    Bytes bytes;
    std::memcpy(bytes.data(), &in6.sin6_addr, bytes.size());
    return Address{bytes};
}

std::optional<Address> Address::parse(std::string_view text) {
    const std::string copy{text};
    Bytes bytes;
    if (::inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1) return mapped(bytes.data());
    if (::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return Address{bytes};
    return std::nullopt;
}

bool Address::is_v4() const noexcept {
    return std::equal(bytes_.begin(), bytes_.begin() + 12, mapped_prefix.begin());
}

std::string Address::text() const {
    char text[INET6_ADDRSTRLEN] = "";
    if (is_v4())
        ::inet_ntop(AF_INET, bytes_.data() + 12, text, sizeof text);
    else
        ::inet_ntop(AF_INET6, bytes_.data(), text, sizeof text);
    return text;
}

Reach reach_of(const Address& address) noexcept {
    for (const auto& block : blocks) {
        if (is_in(address.bytes(), block)) return block.reach;
    }
    return Reach::internal;
}

}  // namespace http_client
