#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>
#include <string>
#include <string_view>

#include "jose/algorithm.hpp"

namespace jose::evp {

/// What OpenSSL hands out, freed when it goes. For the sources of this component.
struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
    void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
    void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Free>;
using Number = std::unique_ptr<BIGNUM, Free>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Free>;

inline const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

inline Number number_of(std::string_view bytes) {
    return Number{BN_bin2bn(raw(bytes), static_cast<int>(bytes.size()), nullptr)};
}

/// The digest that goes with the algorithm; fetched once, because looking it up costs more than a digest.
const EVP_MD* digest_for(Algorithm algorithm);
/// Sets what the algorithm asks for beyond its key. False when OpenSSL refuses.
bool set_padding(EVP_PKEY_CTX* context, Algorithm algorithm);

}  // namespace jose::evp
