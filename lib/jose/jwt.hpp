#pragma once

#include <chrono>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "jose/key_set.hpp"
#include "jose/signing_key.hpp"

namespace jose {

/// The claims of a JSON Web Token (RFC 7519), read with checked access.
class Claims {
public:
    explicit Claims(nlohmann::json values);

    /// The claim, when it is there and a string.
    std::optional<std::string> text(const char* name) const;
    /// A string or an array of strings, such as `aud`; empty when it is anything else.
    std::vector<std::string> texts(const char* name) const;
    /// A NumericDate, when it is there and a sound one.
    std::optional<base::Clock::time_point> time(const char* name) const;
    bool has(const char* name) const;

    const nlohmann::json& all() const noexcept { return *values_; }

private:
    std::shared_ptr<const nlohmann::json> values_;
};

/// What a token must say to be taken.
struct Expectation {
    std::string issuer;                  ///< `iss`, byte for byte
    std::vector<std::string> audiences;  ///< one of these stands in `aud`
    std::string type = {};               ///< `typ`, with or without "application/" before it; empty: any
    std::optional<std::string> nonce = std::nullopt;
    std::chrono::seconds clock_skew{60};  ///< how far the clocks may differ
};

/// The claims of a token that one of the keys signed and that is as expected: `exp` is required and not
/// past; `nbf` and `iat`, when there, are not in the future.
/// Throws base::Error (unauthenticated, "jwt_invalid"); what() says what is wrong and quotes nothing.
Claims verify_jwt(std::string_view text, const KeySet& keys, const Expectation& expected,
                  base::Clock::time_point now = base::Clock::now());

/// What a token says, with nothing verified: to find out whose keys to verify it with. Nothing when it is
/// malformed.
std::optional<Claims> read_unverified(std::string_view text);

std::string sign_jwt(const SigningKey& key, std::string_view type, const nlohmann::json& claims);

}  // namespace jose
