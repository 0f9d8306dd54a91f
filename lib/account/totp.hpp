#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace account {

/// Time-based one-time passwords (RFC 6238): SHA-1, 30 s, six digits, as every authenticator app has them.

/// A new shared secret: 20 random bytes.
std::string create_totp_secret();

/// The secret as a person types it: base32 without padding.
std::string base32_of_secret(std::string_view secret);

/// What the QR code says: otpauth://totp/Gatehouse:{account}?secret=...&issuer=Gatehouse.
std::string totp_uri(std::string_view secret, std::string_view account);

/// The time step whose code this is, of the present one and its two neighbours; nothing when it is none's.
std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code,
                                         base::Clock::time_point now);

}  // namespace account
