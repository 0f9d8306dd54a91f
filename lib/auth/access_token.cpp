#include "auth/access_token.hpp"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "auth/signing_keys.hpp"
#include "base/error.hpp"
#include "crypto/digest.hpp"
#include "db/listener.hpp"
#include "jose/jws.hpp"
#include "jose/jwt.hpp"

namespace auth {
namespace {

using Time = base::Clock::time_point;

constexpr std::size_t most_remembered = 20'000;
constexpr std::chrono::seconds between_looks{1};

[[noreturn]] void refuse(const std::string& message) {
    throw base::Error{base::Reason::unauthenticated, "credential_invalid", message};
}

void check_expiry(const AccessToken& token) {
    if (token.expires_at + token_clock_skew <= base::Clock::now()) refuse("the access token has expired");
}

AccessToken token_of(const jose::Claims& claims) {
    const auto grant = GrantId::parse(claims.text("grant").value_or(""));
    const auto id = base::uuid_of_base32(claims.text("jti").value_or(""));
    const auto resources = claims.texts("aud");
    const auto subject = claims.text("sub");
    const auto client_id = claims.text("client_id");
    const auto issued_at = claims.time("iat");
    if (!grant || !id || !subject || !client_id || !issued_at || resources.size() != 1)
        refuse("the access token lacks a claim");
    return {.grant = *grant,
            .id = *id,
            .subject = *subject,
            .client_id = *client_id,
            .resource = resources.front(),
            .scopes = Scopes::known_in(claims.text("scope").value_or("")),
            .issued_at = *issued_at,
            .expires_at = claims.time("exp").value()};
}

AccessToken verify_with(const jose::KeySet& keys, std::string_view text, const std::string& issuer) {
    const auto unverified = jose::read_unverified(text);
    auto resources = unverified ? unverified->texts("aud") : std::vector<std::string>{};
    if (resources.size() != 1 || !resources.front().starts_with(issuer + '/'))
        refuse("the access token is for another audience");
    try {
        return token_of(jose::verify_jwt(text, keys,
                                         {.issuer = issuer,
                                          .audiences = std::move(resources),
                                          .type = "at+jwt",
                                          .clock_skew = token_clock_skew}));
    } catch (const base::Error& error) {
        refuse(error.what());
    }
}

}  // namespace

/// What is trusted only as long as PostgreSQL can tell that a key was taken back.
class AccessTokens::Memory {
public:
    using Keys = std::shared_ptr<const jose::KeySet>;

    explicit Memory(db::Database& database)
        : listener_{database,
                    {"gatehouse_signing_key"},
                    {
                        .on_notification = [this](const auto&, const auto&) { forget(); },
                        .on_gap = [this] { forget(); },
                    }} {}

    std::optional<AccessToken> find(const std::string& digest) const {
        const std::lock_guard lock{mutex_};
        const auto found = tokens_.find(digest);
        if (found == tokens_.end() || !listener_.is_up()) return std::nullopt;
        return found->second;
    }

    /// Does nothing when the keys that verified the token are no longer the ones known.
    void remember(const std::string& digest, const AccessToken& token, const Keys& keys) {
        const std::lock_guard lock{mutex_};
        if (keys_ != keys || !listener_.is_up()) return;
        if (tokens_.size() >= most_remembered) tokens_.clear();
        tokens_.insert_or_assign(digest, token);
    }

    Keys keys() const {
        const std::lock_guard lock{mutex_};
        return listener_.is_up() ? keys_ : nullptr;
    }
    void take(Keys keys) {
        const std::lock_guard lock{mutex_};
        keys_ = std::move(keys);
        looked_at_ = base::Clock::now();
    }
    /// The database need not hear of every made-up key id.
    bool has_just_looked() const {
        const std::lock_guard lock{mutex_};
        return base::Clock::now() < looked_at_ + between_looks;
    }

private:
    void forget() {
        const std::lock_guard lock{mutex_};
        keys_.reset();
        tokens_.clear();
        looked_at_ = {};
    }

    mutable std::mutex mutex_;
    Keys keys_;
    std::unordered_map<std::string, AccessToken> tokens_;
    Time looked_at_;
    db::Listener listener_;
};

AccessTokens::AccessTokens(db::Database& database, std::string issuer)
    : database_{database}, issuer_{std::move(issuer)}, memory_{std::make_unique<Memory>(database)} {}

AccessTokens::~AccessTokens() = default;

std::string proof_of_token(const base::Uuid& id, const Scopes& scopes) {
    return std::string{id.raw()} + static_cast<char>(scopes.bits());
}

bool AccessTokens::has_form_of(std::string_view text) noexcept { return text.starts_with("eyJ"); }

AccessToken AccessTokens::verify(std::string_view text) {
    const auto digest = crypto::sha256(text);
    if (const auto known = memory_->find(digest)) {
        check_expiry(*known);
        return *known;
    }
    const auto jws = jose::parse_jws(text);
    if (!jws) refuse("the access token is malformed");
    auto keys = memory_->keys();
    const auto knows = [&] { return keys && keys->find(jws->key_id, jws->algorithm); };
    if (!knows() && (!keys || !memory_->has_just_looked())) {
        db::Autocommit session{database_, {}};
        keys = std::make_shared<const jose::KeySet>(find_signing_keys(session));
        memory_->take(keys);
    }
    auto token = verify_with(*keys, text, issuer_);
    memory_->remember(digest, token, keys);
    return token;
}

}  // namespace auth
