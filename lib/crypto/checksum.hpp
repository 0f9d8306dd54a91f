#pragma once

#include <cstdint>
#include <string_view>

namespace crypto {

/// CRC-32 as in zlib and PNG (ISO 3309). Finds typing errors; protects against nobody.
std::uint32_t crc32(std::string_view bytes) noexcept;

}  // namespace crypto
