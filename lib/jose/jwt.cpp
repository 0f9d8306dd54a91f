#include "jose/jwt.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "jose/jws.hpp"
#include "schema/json.hpp"

namespace jose {
namespace {

using nlohmann::json;

constexpr double latest_time = 253402300799.0;  // the year 9999

[[noreturn]] void refuse(const char* message) {
    throw base::Error{base::Reason::unauthenticated, "jwt_invalid", message};
}

std::optional<Claims> claims_of(const std::string& payload) {
    try {
        auto values = schema::parse(payload);
        if (values.is_object()) return Claims{std::move(values)};
    } catch (const base::Error&) {
        return std::nullopt;
    }
    return std::nullopt;
}

std::string lower(std::string_view text) {
    std::string lowered{text};
    for (char& c : lowered) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return lowered;
}

// RFC 7515 section 4.1.9: a media type, its "application/" left out as a rule.
bool is_type(const std::string& type, const std::string& expected) {
    constexpr std::string_view application = "application/";
    auto given = lower(type);
    if (given.starts_with(application)) given.erase(0, application.size());
    return given == lower(expected);
}

void check_times(const Claims& claims, std::chrono::seconds skew, base::Clock::time_point now) {
    const auto expires_at = claims.time("exp");
    if (!expires_at) refuse("the token lacks an expiry");
    if (*expires_at <= now - skew) refuse("the token has expired");
    for (const auto* name : {"nbf", "iat"}) {
        if (!claims.has(name)) continue;
        const auto time = claims.time(name);
        if (!time) refuse("the token's times are malformed");
        if (*time > now + skew) refuse("the token is not yet valid");
    }
}

bool names_one_of(const std::vector<std::string>& given, const std::vector<std::string>& expected) {
    return std::any_of(given.begin(), given.end(), [&](const std::string& name) {
        return std::find(expected.begin(), expected.end(), name) != expected.end();
    });
}

}  // namespace

Claims::Claims(json values) : values_{std::make_shared<const json>(std::move(values))} {}

std::optional<std::string> Claims::text(const char* name) const {
    const auto claim = values_->find(name);
    if (claim == values_->end() || !claim->is_string()) return std::nullopt;
    return claim->get<std::string>();
}

std::vector<std::string> Claims::texts(const char* name) const {
    const auto claim = values_->find(name);
    if (claim == values_->end()) return {};
    if (claim->is_string()) return {claim->get<std::string>()};
    if (!claim->is_array()) return {};
    std::vector<std::string> texts;
    for (const auto& element : *claim) {
        if (!element.is_string()) return {};
        texts.push_back(element.get<std::string>());
    }
    return texts;
}

std::optional<base::Clock::time_point> Claims::time(const char* name) const {
    const auto claim = values_->find(name);
    if (claim == values_->end() || !claim->is_number()) return std::nullopt;
    const auto seconds = claim->get<double>();
    if (!std::isfinite(seconds) || seconds < 0 || seconds > latest_time) return std::nullopt;
    return base::Clock::time_point{std::chrono::seconds{static_cast<std::int64_t>(seconds)}};
}

bool Claims::has(const char* name) const { return values_->contains(name); }

Claims verify_jwt(std::string_view text, const KeySet& keys, const Expectation& expected,
                  base::Clock::time_point now) {
    const auto jws = parse_jws(text);
    if (!jws) refuse("the token is malformed, or signed in a way that is not accepted");
    if (!expected.type.empty() && !is_type(jws->type, expected.type)) refuse("the token is of another type");
    const auto* key = keys.find(jws->key_id, jws->algorithm);
    if (!key) refuse("the token is signed with an unknown key");
    if (!is_signed_by(*key, *jws)) refuse("the token's signature does not verify");
    auto claims = claims_of(jws->payload);
    if (!claims) refuse("the token's claims are malformed");
    if (claims->text("iss") != expected.issuer) refuse("the token is from another issuer");
    if (!names_one_of(claims->texts("aud"), expected.audiences)) refuse("the token is for another audience");
    if (expected.nonce && claims->text("nonce") != *expected.nonce)
        refuse("the token's nonce is another one");
    check_times(*claims, expected.clock_skew, now);
    return *std::move(claims);
}

std::optional<Claims> read_unverified(std::string_view text) {
    const auto jws = parse_jws(text);
    return jws ? claims_of(jws->payload) : std::nullopt;
}

std::string sign_jwt(const SigningKey& key, std::string_view type, const json& claims) {
    return sign_jws(key, type, schema::dump(claims));
}

}  // namespace jose
