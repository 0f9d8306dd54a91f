#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// A UUID (RFC 9562).
class Uuid {
public:
    using Bytes = std::array<std::uint8_t, 16>;

    constexpr Uuid() = default;
    explicit constexpr Uuid(const Bytes& bytes) : bytes_{bytes} {}

    /// A new version 7 UUID: ordered by time to the millisecond, random otherwise.
    static Uuid create();
    /// Reads the hyphenated hexadecimal form, in either case; nothing else.
    static std::optional<Uuid> parse(std::string_view text);
    /// From its 16 bytes.
    static std::optional<Uuid> of_raw(std::string_view bytes);

    /// The hyphenated lower-case form, as PostgreSQL prints it.
    std::string text() const;
    const Bytes& bytes() const noexcept { return bytes_; }
    std::string_view raw() const noexcept {
        return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
    }

    friend auto operator<=>(const Uuid&, const Uuid&) = default;

private:
    Bytes bytes_{};
};

/// 26 characters of lower-case Crockford base32 (the suffix of a TypeID).
std::string base32_of(const Uuid& uuid);
std::optional<Uuid> uuid_of_base32(std::string_view text);

}  // namespace base
