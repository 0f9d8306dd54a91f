#include "oauth/refresh_token.hpp"

#include <algorithm>

#include "crypto/compare.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

namespace oauth {
namespace {

constexpr std::string_view prefix = "ghr_";
constexpr std::size_t id_size = 16;
constexpr std::size_t secret_size = 32;
constexpr std::size_t tag_size = 16;
constexpr std::size_t size = id_size + secret_size + tag_size;

std::string tag_of(const base::Secret& key, std::string_view bytes) {
    auto tag = crypto::hmac_sha256(key.reveal(), bytes);
    tag.resize(tag_size);
    return tag;
}

std::optional<std::string> bytes_of(std::string_view text) {
    if (!text.starts_with(prefix)) return std::nullopt;
    auto bytes = crypto::bytes_of_base64url(text.substr(prefix.size()));
    if (!bytes || bytes->size() != size) return std::nullopt;
    return bytes;
}

NewRefreshToken make(const base::Secret& tagging, std::string_view id, std::string_view secret) {
    std::string bytes{id};
    bytes += secret;
    bytes += tag_of(tagging, bytes);
    auto text = std::string{prefix} + crypto::base64url_of(bytes);
    base::wipe(bytes);
    auto digest = crypto::sha256(text);
    return {base::Secret::take(text), std::move(digest)};
}

}  // namespace

std::optional<RefreshToken> RefreshToken::read(std::string_view text) {
    const auto bytes = bytes_of(text);
    if (!bytes) return std::nullopt;
    const auto grant = base::Uuid::of_raw(std::string_view{*bytes}.substr(0, id_size)).value();
    return RefreshToken{auth::GrantId{grant}, crypto::sha256(text)};
}

NewRefreshToken create_refresh_token(const ServerKeys& keys, const auth::GrantId& grant) {
    return make(keys.newest().tagging, grant.uuid().raw(), crypto::random_secret(secret_size).reveal());
}

std::optional<RefreshToken> recognize_refresh_token(const ServerKeys& keys, std::string_view text) {
    const auto bytes = bytes_of(text);
    if (!bytes) return std::nullopt;
    const auto tag = std::string_view{*bytes}.substr(id_size + secret_size);
    const auto tagged = std::string_view{*bytes}.substr(0, id_size + secret_size);
    const auto made_it = [&](const auto& key) {
        return crypto::equal_in_constant_time(tag_of(key.tagging, tagged), tag);
    };
    return std::ranges::any_of(keys.all(), made_it) ? RefreshToken::read(text) : std::nullopt;
}

std::vector<NewRefreshToken> successors_of(const ServerKeys& keys, std::string_view text) {
    const auto bytes = bytes_of(text).value();
    std::vector<NewRefreshToken> successors;
    for (const auto& key : keys.all()) {
        auto secret = crypto::hmac_sha256(key.succession.reveal(), bytes);
        successors.push_back(make(key.tagging, std::string_view{bytes}.substr(0, id_size), secret));
        base::wipe(secret);
    }
    return successors;
}

}  // namespace oauth
