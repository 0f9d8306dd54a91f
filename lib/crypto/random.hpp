#pragma once

#include <cstddef>
#include <string>

#include "base/secret.hpp"

namespace crypto {

/// Bytes from the system's generator. Never fails: a process without randomness ends.
std::string random_bytes(std::size_t size);
base::Secret random_secret(std::size_t size);

/// Characters 0-9 A-Z a-z, each equally likely (5.95 bits): 43 of them carry 256 bits.
base::Secret random_base62(std::size_t size);

}  // namespace crypto
