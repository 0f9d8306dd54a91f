#include "tool/argument_digest.hpp"

#include <nlohmann/json.hpp>

#include "crypto/digest.hpp"
#include "crypto/key_file.hpp"
#include "schema/json.hpp"

namespace tool {

ArgumentDigest::ArgumentDigest(const std::filesystem::path& key_file)
    : key_{crypto::hkdf_sha256(crypto::read_key_file(key_file).front().reveal(), "",
                               "gatehouse idempotent arguments v1", 32)} {}

std::string ArgumentDigest::of(const nlohmann::json& arguments) const {
    return crypto::hmac_sha256(key_.reveal(), schema::canonical(arguments));
}

}  // namespace tool
