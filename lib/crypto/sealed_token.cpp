#include "crypto/sealed_token.hpp"

#include "crypto/aead.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/key_file.hpp"

namespace crypto {
namespace {

constexpr char version = 1;
constexpr std::size_t key_id_size = 4;
constexpr std::size_t header_size = 1 + key_id_size;

std::string additional_data(std::string_view header, std::string_view context) {
    return std::string{header}.append(context);
}

}  // namespace

TokenSealer::TokenSealer(const std::filesystem::path& key_file, std::string_view purpose) {
    for (const auto& secret : read_key_file(key_file)) {
        const auto info = std::string{"gatehouse token v1 "}.append(purpose);
        auto key = hkdf_sha256(secret.reveal(), "", info, aead_key_size);
        auto id = hmac_sha256(key.reveal(), "key id").substr(0, key_id_size);
        keys_.push_back({std::move(id), std::move(key)});
    }
}

std::string TokenSealer::seal(std::string_view plain, std::string_view context) const {
    const auto& key = keys_.front();
    const auto header = version + key.id;
    return base64url_of(header + aead_seal(key.bytes.reveal(), plain, additional_data(header, context)));
}

std::optional<std::string> TokenSealer::open(std::string_view token, std::string_view context) const {
    const auto bytes = bytes_of_base64url(token);
    if (!bytes || bytes->size() < header_size || bytes->front() != version) return std::nullopt;
    const auto header = std::string_view{*bytes}.substr(0, header_size);
    const auto sealed = std::string_view{*bytes}.substr(header_size);
    for (const auto& key : keys_) {
        if (key.id != header.substr(1)) continue;
        const auto plain = aead_open(key.bytes.reveal(), sealed, additional_data(header, context));
        if (plain) return std::string{plain->reveal()};
    }
    return std::nullopt;
}

}  // namespace crypto
