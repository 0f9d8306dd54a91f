#include "jose/public_key.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "jose/key_material.hpp"
#include "schema/json.hpp"

namespace jose {
namespace {

using nlohmann::json;

std::string text_at(const json& object, const char* name) {
    const auto member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>() : std::string{};
}

std::string bytes_at(const json& object, const char* name) {
    return crypto::bytes_of_base64url(text_at(object, name)).value_or("");
}

// RFC 7517 sections 4.2 and 4.3.
bool is_for_signatures(const json& jwk) {
    if (jwk.contains("use") && text_at(jwk, "use") != "sig") return false;
    const auto operations = jwk.find("key_ops");
    if (operations == jwk.end()) return true;
    return operations->is_array() &&
           std::find(operations->begin(), operations->end(), "verify") != operations->end();
}

bool holds_a_private_part(const json& jwk) {
    constexpr const char* members[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};
    return std::any_of(std::begin(members), std::end(members),
                       [&](const char* name) { return jwk.contains(name); });
}

struct Parts {
    evp::Key key;
    json members;
    std::vector<Algorithm> algorithms;
};

Parts parts_of(const json& jwk) {
    const auto type = text_at(jwk, "kty");
    const auto curve = text_at(jwk, "crv");
    const auto x = text_at(jwk, "x");
    if (type == "EC" && curve == "P-256") {
        return {ec_p256_key(bytes_at(jwk, "x"), bytes_at(jwk, "y")),
                json{{"crv", curve}, {"kty", type}, {"x", x}, {"y", text_at(jwk, "y")}},
                {Algorithm::es256}};
    }
    if (type == "RSA") {
        return {rsa_key(bytes_at(jwk, "n"), bytes_at(jwk, "e")),
                json{{"e", text_at(jwk, "e")}, {"kty", type}, {"n", text_at(jwk, "n")}},
                {Algorithm::rs256, Algorithm::ps256}};
    }
    if (type == "OKP" && curve == "Ed25519") {
        return {ed25519_key(bytes_at(jwk, "x")),
                json{{"crv", curve}, {"kty", type}, {"x", x}},
                {Algorithm::eddsa}};
    }
    return {nullptr, json::object(), {}};
}

}  // namespace

std::optional<PublicKey> PublicKey::parse(const json& jwk) {
    if (!jwk.is_object() || !is_for_signatures(jwk) || holds_a_private_part(jwk)) return std::nullopt;
    auto parts = parts_of(jwk);
    if (!parts.key) return std::nullopt;
    PublicKey key;
    key.algorithms_ = std::move(parts.algorithms);
    key.id_ = text_at(jwk, "kid");
    key.required_members_ = schema::canonical(parts.members);
    key.key_ = {parts.key.release(), evp::Free{}};
    if (jwk.contains("alg")) {
        const auto algorithm = algorithm_of(text_at(jwk, "alg"));
        if (!algorithm || !key.does(*algorithm)) return std::nullopt;
        key.algorithms_ = {*algorithm};
    }
    return key;
}

bool PublicKey::does(Algorithm algorithm) const noexcept {
    return std::find(algorithms_.begin(), algorithms_.end(), algorithm) != algorithms_.end();
}

bool PublicKey::verifies(Algorithm algorithm, std::string_view input, std::string_view signature) const {
    if (!does(algorithm)) return false;
    std::optional<std::string> der;
    if (algorithm == Algorithm::es256) {
        der = der_of_signature(signature);
        if (!der) return false;
        signature = *der;
    }
    const evp::DigestContext context{EVP_MD_CTX_new()};
    EVP_PKEY_CTX* key_context = nullptr;
    return context &&
           EVP_DigestVerifyInit(context.get(), &key_context, evp::digest_for(algorithm), nullptr,
                                key_.get()) == 1 &&
           evp::set_padding(key_context, algorithm) &&
           EVP_DigestVerify(context.get(), evp::raw(signature), signature.size(), evp::raw(input),
                            input.size()) == 1;
}

json PublicKey::jwk() const {
    auto jwk = schema::parse(required_members_);
    if (!id_.empty()) jwk["kid"] = id_;
    if (algorithms_.size() == 1) jwk["alg"] = name_of(algorithms_.front());
    return jwk;
}

std::string PublicKey::thumbprint() const { return crypto::base64url_of(crypto::sha256(required_members_)); }

}  // namespace jose
