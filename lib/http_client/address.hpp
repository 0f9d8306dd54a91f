#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace http_client {

/// An internet address, held as 16 bytes: IPv4 in its IPv4-mapped form (RFC 4291 section 2.5.5.2), so that
/// ::ffff:127.0.0.1 and 127.0.0.1 are one value.
class Address {
public:
    using Bytes = std::array<std::uint8_t, 16>;

    constexpr Address() = default;
    explicit constexpr Address(const Bytes& bytes) : bytes_{bytes} {}
    /// Nothing for other families, and for IPv6 with a zone.
    static std::optional<Address> of(const sockaddr* address);
    /// Reads what inet_pton(3) reads: no short, octal, hexadecimal or zoned forms.
    static std::optional<Address> parse(std::string_view text);

    bool is_v4() const noexcept;
    const Bytes& bytes() const noexcept { return bytes_; }
    std::string text() const;

    friend auto operator<=>(const Address&, const Address&) = default;

private:
    Bytes bytes_{};
};

enum class Reach {
    world,     ///< globally reachable unicast
    loopback,  ///< 127.0.0.0/8, ::1
    internal,  ///< private, shared, link-local, multicast, reserved, documentation, transition prefixes
    metadata,  ///< a cloud's instance metadata service: never to be reached, allowed or not
};

/// Decided on the bytes, never on text. IPv4 embedded in IPv6 (mapped, NAT64, 6to4, Teredo) is never `world`
/// unless mapped from a `world` address.
Reach reach_of(const Address& address) noexcept;

}  // namespace http_client
