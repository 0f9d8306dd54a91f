#include "account_pages/provider_flow.hpp"

#include <nlohmann/json.hpp>

#include "account/provider_login.hpp"
#include "base/error.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "http/uri.hpp"
#include "jose/jws.hpp"
#include "jose/jwt.hpp"

namespace account_pages {
namespace {

using base::Error;
using base::Reason;

std::string text_member(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

bool is_true(const nlohmann::json& claims, const char* name) {
    const auto found = claims.find(name);
    return found != claims.end() && (*found == true || *found == "true");
}

bool knows_key(const jose::KeySet& keys, const std::string& id_token) {
    const auto jws = jose::parse_jws(id_token);
    return jws && keys.find(jws->key_id, jws->algorithm) != nullptr;
}

void require_party(const jose::Claims& claims, const std::string& client_id) {
    const auto party = claims.text("azp");
    if (party ? *party != client_id : claims.texts("aud").size() > 1)
        throw Error{Reason::unauthenticated, "jwt_invalid", "the id token is for another client"};
}

std::string parameter(const char* name, const std::string& value) {
    return std::string{name} + '=' + http::percent_encode(value);
}

}  // namespace

ProviderFlow::ProviderFlow(const base::Config& config, db::Database& database)
    : redirect_uri_{config.public_url + "/login/callback"},
      providers_{config.sign_in},
      database_{database},
      errands_{config.internal_socket} {}

const base::Config::SignIn& ProviderFlow::find(const std::string& name) const {
    for (const auto& provider : providers_)
        if (provider.name == name) return provider;
    throw Error{Reason::not_found, "provider_unknown", "there is no such sign-in provider"};
}

std::string ProviderFlow::begin(const std::string& name, const std::string& browser_sha256,
                                const std::string& come_back) {
    const auto& provider = find(name);
    const auto endpoint = text_member(errands_.provider_metadata(name), "authorization_endpoint");
    if (!endpoint.starts_with("https://") && !endpoint.starts_with("http://127.0.0.1:"))
        throw Error{Reason::upstream_failed, "provider_answer_invalid", "the sign-in provider names no page"};
    const account::ProviderLogin login{.provider = name,
                                       .browser_sha256 = browser_sha256,
                                       .nonce = std::string{crypto::random_base62(43).reveal()},
                                       .code_verifier = std::string{crypto::random_base62(43).reveal()},
                                       .come_back = come_back};
    db::Autocommit session{database_, {}};
    const auto state = account::begin_provider_login(session, login);
    const auto challenge = crypto::base64url_of(crypto::sha256(login.code_verifier));
    return endpoint + (endpoint.find('?') == std::string::npos ? '?' : '&') + "response_type=code&" +
           parameter("client_id", provider.client_id) + '&' + parameter("redirect_uri", redirect_uri_) + '&' +
           parameter("scope", "openid email profile") + '&' + parameter("state", state) + '&' +
           parameter("nonce", login.nonce) + '&' + parameter("code_challenge", challenge) +
           "&code_challenge_method=S256";
}

ProviderFlow::Arrival ProviderFlow::finish(const http::Form& query, const std::string& browser_sha256) {
    db::Autocommit session{database_, {}};
    const auto login = account::take_provider_login(session, query.text("state"), browser_sha256);
    if (!login)
        throw Error{Reason::unauthenticated, "provider_login_expired",
                    "this sign-in is over or was begun in another browser; begin it anew"};
    const auto& provider = find(login->provider);
    if (const auto issuer = query.find("iss"); issuer && *issuer != provider.issuer)
        throw Error{Reason::unauthenticated, "jwt_invalid", "the answer came from another provider"};
    if (!query.find("code"))
        throw Error{Reason::forbidden, "provider_denied", "the sign-in provider did not sign you in"};
    const auto id_token = errands_.redeem_provider_code(
        {.provider = provider.name, .code = query.text("code"), .code_verifier = login->code_verifier});
    return {.identity = verify(provider, id_token, login->nonce), .come_back = login->come_back};
}

account::Identity ProviderFlow::verify(const base::Config::SignIn& provider, const std::string& id_token,
                                       const std::string& nonce) {
    auto keys = jose::KeySet::parse(errands_.provider_keys(provider.name, /*fresh=*/false));
    if (!knows_key(keys, id_token))
        keys = jose::KeySet::parse(errands_.provider_keys(provider.name, /*fresh=*/true));
    const auto claims = jose::verify_jwt(
        id_token, keys, {.issuer = provider.issuer, .audiences = {provider.client_id}, .nonce = nonce});
    require_party(claims, provider.client_id);
    const auto subject = claims.text("sub").value_or("");
    if (subject.empty() || subject.size() > 255)
        throw Error{Reason::unauthenticated, "jwt_invalid", "the id token names no subject"};
    return {.issuer = provider.issuer,
            .subject = subject,
            .email = claims.text("email").value_or(""),
            .is_email_verified = is_true(claims.all(), "email_verified"),
            .name = claims.text("name").value_or("")};
}

}  // namespace account_pages
