#include "base/uuid.hpp"

#include <pthread.h>
#include <sys/random.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>

namespace base {
namespace {

__extension__ using Uint128 = unsigned __int128;

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base32_digits = "0123456789abcdefghjkmnpqrstvwxyz";

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Random bytes for a few ids at a time: a system call for each would cost more than the id.
struct Drawn {
    std::array<std::uint8_t, 16 * sizeof(Uuid::Bytes)> bytes;
    std::size_t left = 0;
};
thread_local Drawn drawn;

void fill_random(Uuid::Bytes& bytes) {
    // A forked process must not give out what its parent will.
    [[maybe_unused]] static const int registered = pthread_atfork(nullptr, nullptr, [] { drawn.left = 0; });
    if (drawn.left == 0) {
        drawn.left = drawn.bytes.size();
        if (getrandom(drawn.bytes.data(), drawn.left, 0) != static_cast<ssize_t>(drawn.left)) std::abort();
    }
    drawn.left -= bytes.size();
    std::memcpy(bytes.data(), drawn.bytes.data() + drawn.left, bytes.size());
}

bool has_hyphen_at(std::size_t index) { return index == 8 || index == 13 || index == 18 || index == 23; }

}  // namespace

Uuid Uuid::create() {
    Bytes bytes;
    fill_random(bytes);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    for (unsigned i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x70);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    return Uuid{bytes};
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Bytes bytes;
    std::size_t filled = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (has_hyphen_at(i)) {
            if (text[i++] != '-') return std::nullopt;
            continue;
        }
        const int high = hex_value(text[i]);
        const int low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes[filled++] = static_cast<std::uint8_t>(high * 16 + low);
        i += 2;
    }
    return Uuid{bytes};
}

std::optional<Uuid> Uuid::of_raw(std::string_view bytes) {
    Uuid uuid;
    if (bytes.size() != uuid.bytes_.size()) return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), uuid.bytes_.begin());
    return uuid;
}

std::string Uuid::text() const {
    std::string text;
    text.reserve(36);
    for (const auto byte : bytes_) {
        if (has_hyphen_at(text.size())) text += '-';
        text += hex_digits[byte >> 4];
        text += hex_digits[byte & 15];
    }
    return text;
}

std::string base32_of(const Uuid& uuid) {
    std::string text(26, '0');
    Uint128 value = 0;
    for (const auto byte : uuid.bytes()) value = (value << 8) | byte;
    for (std::size_t i = text.size(); i-- > 0; value >>= 5)
        text[i] = base32_digits[static_cast<unsigned>(value & 31)];
    return text;
}

std::optional<Uuid> uuid_of_base32(std::string_view text) {
    if (text.size() != 26 || text.front() > '7') return std::nullopt;
    Uint128 value = 0;
    for (const char c : text) {
        const auto digit = base32_digits.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        value = (value << 5) | digit;
    }
    Uuid::Bytes bytes;
    for (std::size_t i = bytes.size(); i-- > 0; value >>= 8) bytes[i] = static_cast<std::uint8_t>(value);
    return Uuid{bytes};
}

}  // namespace base
