#include "vault_grant/assertion.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "crypto/encoding.hpp"
#include "jose/signing_key.hpp"
#include "schema/json.hpp"

namespace vault_grant {
namespace {

/// The bytes between the two lines of a PEM text (RFC 7468).
std::optional<std::string> der_of_pem(std::string_view pem) {
    const auto begin = pem.find("-----BEGIN ");
    const auto first = begin == std::string_view::npos ? begin : pem.find('\n', begin);
    const auto last = pem.find("-----END ");
    if (first == std::string_view::npos || last == std::string_view::npos || last < first)
        return std::nullopt;
    std::string text;
    for (const char c : pem.substr(first, last - first)) {
        if (c != '\n' && c != '\r' && c != ' ') text += c;
    }
    auto der = crypto::bytes_of_base64(text);
    base::wipe(text);
    return der;
}

jose::SigningKey key_of(const base::Secret& pem) {
    auto der = der_of_pem(pem.reveal());
    auto key = der ? jose::SigningKey::parse(jose::Algorithm::rs256, *der) : std::nullopt;
    if (der) base::wipe(*der);
    if (key) return *std::move(key);
    throw base::Error{base::Reason::invalid_input, "private_key_unusable",
                      "the secret private_key is no RSA private key in PEM"};
}

schema::json claims_of(const Holder& holder, base::Clock::time_point now) {
    auto claims = schema::json::object();
    for (const auto& [name, text] : holder.method->grant->claims) {
        auto value = holder.filled(text);
        if (!value.empty()) claims[name] = std::move(value);
    }
    const auto seconds = base::Clock::to_time_t(now);
    claims["iat"] = seconds - 30;
    claims["exp"] = seconds + 540;
    return claims;
}

}  // namespace

std::string sign_assertion(const Holder& holder, const vault::Secrets& secrets, base::Clock::time_point now) {
    const auto key = key_of(secrets.at("private_key"));
    const auto input = crypto::base64url_of(R"({"alg":"RS256","typ":"JWT"})") + '.' +
                       crypto::base64url_of(schema::dump(claims_of(holder, now)));
    return input + '.' + crypto::base64url_of(key.sign(input));
}

}  // namespace vault_grant
