#pragma once

#include <string>

#include "base/secret.hpp"

namespace account {

/// argon2id in PHC form, 19 MiB and two passes (OWASP's first choice). Takes about 20 ms.
std::string hash_password(const base::Secret& password);

/// Whether the password is the one that was hashed. Takes as long as hashing.
bool verify_password(const std::string& hash, const base::Secret& password);

}  // namespace account
