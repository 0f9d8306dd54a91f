#include "oauth/server_keys.hpp"

#include "crypto/digest.hpp"
#include "crypto/key_file.hpp"

namespace oauth {
namespace {

base::Secret derive(const base::Secret& key, std::string_view purpose) {
    return crypto::hkdf_sha256(key.reveal(), "gatehouse oauth", purpose, 32);
}

}  // namespace

ServerKeys::ServerKeys(const std::filesystem::path& key_file) {
    for (const auto& key : crypto::read_key_file(key_file)) {
        keys_.push_back({.sealing = derive(key, "signing key"),
                         .tagging = derive(key, "refresh token tag"),
                         .succession = derive(key, "refresh token succession")});
    }
}

}  // namespace oauth
