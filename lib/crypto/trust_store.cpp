#include "crypto/trust_store.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "base/error.hpp"

namespace crypto {

struct TrustStore::Store {
    X509_STORE* authorities = X509_STORE_new();
    ~Store() { X509_STORE_free(authorities); }
};

TrustStore::TrustStore(const std::filesystem::path& extra) : store_{std::make_unique<Store>()} {
    // The folder, not the bundle: an authority is read when a server names it, not all at the start.
    auto* system = X509_STORE_add_lookup(store_->authorities, X509_LOOKUP_hash_dir());
    X509_LOOKUP_add_dir(system, nullptr, X509_FILETYPE_DEFAULT);
    if (extra.empty()) return;
    if (X509_STORE_load_file(store_->authorities, extra.c_str()) != 1) {
        throw base::Error{base::Reason::invalid_input, "configuration_invalid",
                          "configuration: egress.ca: " + extra.string() + " holds no certificates"};
    }
}

TrustStore::~TrustStore() = default;

void TrustStore::install(void* ssl_context) const {
    auto* context = static_cast<SSL_CTX*>(ssl_context);
    SSL_CTX_set1_cert_store(context, store_->authorities);
    SSL_CTX_set_keylog_callback(context, nullptr);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);  // a kept connection holds 34 KiB less
}

}  // namespace crypto
