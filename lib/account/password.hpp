#pragma once

#include <optional>
#include <string>

#include "base/secret.hpp"

namespace account {

/// argon2id in PHC form, 19 MiB and two passes (OWASP's first choice). Takes about 20 ms.
///
/// A process hashes two passwords at a time and lets 32 wait; throws base::Error (unavailable,
/// "too_many_logins") beyond that, as does verify_password.
std::string hash_password(const base::Secret& password);

/// Whether the password is the one that was hashed. Takes as long as hashing, also without a hash: then the
/// answer is no.
bool verify_password(const std::optional<std::string>& hash, const base::Secret& password);

}  // namespace account
