#include "jose/algorithm.hpp"

#include <openssl/rsa.h>

#include <array>

#include "jose/evp.hpp"

namespace jose {
namespace {

constexpr std::array every_algorithm{Algorithm::es256, Algorithm::rs256, Algorithm::ps256, Algorithm::eddsa};

}  // namespace

std::string_view name_of(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::es256:
            return "ES256";
        case Algorithm::rs256:
            return "RS256";
        case Algorithm::ps256:
            return "PS256";
        case Algorithm::eddsa:
            return "EdDSA";
    }
    return "";
}

std::optional<Algorithm> algorithm_of(std::string_view name) {
    for (const auto algorithm : every_algorithm) {
        if (name == name_of(algorithm)) return algorithm;
    }
    return std::nullopt;
}

const EVP_MD* evp::digest_for(Algorithm algorithm) {
    static const EVP_MD* sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm == Algorithm::eddsa ? nullptr : sha256;
}

bool evp::set_padding(EVP_PKEY_CTX* context, Algorithm algorithm) {
    if (algorithm != Algorithm::ps256) return true;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

}  // namespace jose
