#include "jose/key_material.hpp"

namespace jose {
namespace {

constexpr std::size_t coordinate_size = 32;
constexpr int least_rsa_bits = 2048;
constexpr int most_rsa_bits = 8192;
constexpr std::size_t most_exponent_size = 4;

evp::Key key_of(const char* type, OSSL_PARAM* parameters) {
    const evp::Context context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
        return nullptr;
    }
    return evp::Key{key};
}

bool is_sound(EVP_PKEY* key) {
    const evp::Context context{EVP_PKEY_CTX_new(key, nullptr)};
    return context && EVP_PKEY_public_check(context.get()) == 1;
}

bool is_sound_rsa(const BIGNUM* modulus, const BIGNUM* exponent) {
    const int bits = BN_num_bits(modulus);
    return bits >= least_rsa_bits && bits <= most_rsa_bits && BN_is_odd(modulus) == 1 &&
           BN_is_odd(exponent) == 1 && BN_is_one(exponent) == 0;
}

}  // namespace

evp::Key ec_p256_key(std::string_view x, std::string_view y) {
    if (x.size() != coordinate_size || y.size() != coordinate_size) return nullptr;
    std::string point{'\4'};
    point.append(x).append(y);
    char group[] = "prime256v1";
    OSSL_PARAM parameters[]{
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end(),
    };
    auto key = key_of("EC", parameters);
    if (!key || !is_sound(key.get())) return nullptr;
    return key;
}

evp::Key rsa_key(std::string_view modulus, std::string_view exponent) {
    if (modulus.size() > most_rsa_bits / 8 || exponent.empty() || exponent.size() > most_exponent_size)
        return nullptr;
    const auto n = evp::number_of(modulus);
    const auto e = evp::number_of(exponent);
    if (!n || !e || !is_sound_rsa(n.get(), e.get())) return nullptr;
    const std::unique_ptr<OSSL_PARAM_BLD, evp::Free> builder{OSSL_PARAM_BLD_new()};
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
        return nullptr;
    }
    const std::unique_ptr<OSSL_PARAM, evp::Free> parameters{OSSL_PARAM_BLD_to_param(builder.get())};
    return parameters ? key_of("RSA", parameters.get()) : nullptr;
}

evp::Key ed25519_key(std::string_view x) {
    if (x.size() != coordinate_size) return nullptr;
    return evp::Key{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, evp::raw(x), x.size())};
}

std::optional<std::string> der_of_signature(std::string_view r_and_s) {
    if (r_and_s.size() != 2 * coordinate_size) return std::nullopt;
    auto r = evp::number_of(r_and_s.substr(0, coordinate_size));
    auto s = evp::number_of(r_and_s.substr(coordinate_size));
    const evp::EcdsaSignature signature{ECDSA_SIG_new()};
    if (!r || !s || !signature || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return std::nullopt;
    (void)r.release();
    (void)s.release();
    std::string der(72, '\0');
    auto* end = evp::raw(der);
    const int size = i2d_ECDSA_SIG(signature.get(), &end);
    if (size <= 0 || static_cast<std::size_t>(size) > der.size()) return std::nullopt;
    der.resize(static_cast<std::size_t>(size));
    return der;
}

std::optional<std::string> signature_of_der(std::string_view der) {
    const auto* begin = evp::raw(der);
    const evp::EcdsaSignature signature{d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(der.size()))};
    std::string r_and_s(2 * coordinate_size, '\0');
    constexpr int size = coordinate_size;
    if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), evp::raw(r_and_s), size) != size ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), evp::raw(r_and_s) + size, size) != size) {
        return std::nullopt;
    }
    return r_and_s;
}

}  // namespace jose
