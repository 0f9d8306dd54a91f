#pragma once

#include <filesystem>
#include <memory>

namespace crypto {

/// The certificate authorities a TLS client believes: the system's, found by name when they are needed, and
/// those of one more bundle. Shared by every connection.
class TrustStore {
public:
    /// `extra`: a PEM bundle; empty for none. Throws base::Error (invalid_input, "configuration_invalid").
    explicit TrustStore(const std::filesystem::path& extra);
    ~TrustStore();

    /// Makes an OpenSSL SSL_CTX verify against this store alone, and write no key log.
    void install(void* ssl_context) const;

private:
    struct Store;
    std::unique_ptr<Store> store_;
};

}  // namespace crypto
