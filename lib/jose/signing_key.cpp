#include "jose/signing_key.hpp"

#include <openssl/rsa.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "crypto/encoding.hpp"
#include "jose/key_material.hpp"

namespace jose {
namespace {

using nlohmann::json;

constexpr std::size_t rsa_bits = 2048;
constexpr std::size_t longest_der = 16 * 1024;

evp::Key create_key(Algorithm algorithm) {
    if (algorithm == Algorithm::es256) return evp::Key{EVP_EC_gen("P-256")};
    if (algorithm == Algorithm::rs256) return evp::Key{EVP_RSA_gen(rsa_bits)};
    return nullptr;
}

std::string octets(EVP_PKEY* key, const char* name) {
    std::size_t size = 0;
    if (EVP_PKEY_get_octet_string_param(key, name, nullptr, 0, &size) != 1) std::abort();
    std::string bytes(size, '\0');
    if (EVP_PKEY_get_octet_string_param(key, name, evp::raw(bytes), size, &size) != 1) std::abort();
    return bytes;
}

std::string number(EVP_PKEY* key, const char* name) {
    BIGNUM* read = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &read) != 1) std::abort();
    const evp::Number value{read};
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(read)), '\0');
    BN_bn2bin(read, evp::raw(bytes));
    return bytes;
}

json public_members(EVP_PKEY* key, Algorithm algorithm) {
    using crypto::base64url_of;
    if (algorithm == Algorithm::rs256) {
        return json{{"kty", "RSA"},
                    {"n", base64url_of(number(key, OSSL_PKEY_PARAM_RSA_N))},
                    {"e", base64url_of(number(key, OSSL_PKEY_PARAM_RSA_E))}};
    }
    const auto point = octets(key, OSSL_PKEY_PARAM_PUB_KEY);
    return json{{"kty", "EC"},
                {"crv", "P-256"},
                {"x", base64url_of(std::string_view{point}.substr(1, 32))},
                {"y", base64url_of(std::string_view{point}.substr(33))}};
}

bool is_of(EVP_PKEY* key, Algorithm algorithm) {
    if (algorithm == Algorithm::rs256) return EVP_PKEY_is_a(key, "RSA") == 1;
    return algorithm == Algorithm::es256 && EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_bits(key) == 256;
}

}  // namespace

SigningKey::SigningKey(Algorithm algorithm, std::shared_ptr<evp_pkey_st> key)
    : algorithm_{algorithm}, key_{std::move(key)} {
    id_ = PublicKey::parse(public_members(key_.get(), algorithm)).value().thumbprint();
}

SigningKey SigningKey::create(Algorithm algorithm) {
    auto key = create_key(algorithm);
    if (!key) std::abort();
    return SigningKey{algorithm, {key.release(), evp::Free{}}};
}

std::optional<SigningKey> SigningKey::parse(Algorithm algorithm, std::string_view der) {
    if (der.size() > longest_der) return std::nullopt;
    const auto* begin = evp::raw(der);
    evp::Key key{d2i_AutoPrivateKey(nullptr, &begin, static_cast<long>(der.size()))};
    if (!key || !is_of(key.get(), algorithm)) return std::nullopt;
    return SigningKey{algorithm, {key.release(), evp::Free{}}};
}

std::string SigningKey::sign(std::string_view input) const {
    const evp::DigestContext context{EVP_MD_CTX_new()};
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
    std::size_t size = signature.size();
    if (!context ||
        EVP_DigestSignInit(context.get(), nullptr, evp::digest_for(algorithm_), nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), evp::raw(signature), &size, evp::raw(input), input.size()) != 1) {
        std::abort();
    }
    signature.resize(size);
    return algorithm_ == Algorithm::es256 ? signature_of_der(signature).value() : signature;
}

base::Secret SigningKey::private_der() const {
    const int size = i2d_PrivateKey(key_.get(), nullptr);
    if (size <= 0) std::abort();
    std::string der(static_cast<std::size_t>(size), '\0');
    auto* end = evp::raw(der);
    i2d_PrivateKey(key_.get(), &end);
    return base::Secret::take(der);
}

PublicKey SigningKey::public_key() const {
    auto jwk = public_members(key_.get(), algorithm_);
    jwk["kid"] = id_;
    jwk["alg"] = name_of(algorithm_);
    return PublicKey::parse(jwk).value();
}

}  // namespace jose
