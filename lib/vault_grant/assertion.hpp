#pragma once

#include <string>

#include "vault_grant/holder.hpp"

namespace vault_grant {

/// A JSON Web Token over the grant's claims, signed RS256 with the secret "private_key" (PEM, PKCS #1 or
/// #8); it lasts nine minutes. Its header names no key: the issuer finds it by the claims.
/// Throws base::Error (invalid_input, "private_key_unusable").
std::string sign_assertion(const Holder& holder, const vault::Secrets& secrets, base::Clock::time_point now);

}  // namespace vault_grant
