#pragma once

#include <string_view>

namespace crypto {

/// Compares secrets and digests. Takes the same time wherever they differ; lengths are not secret.
bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept;

}  // namespace crypto
