#include "account/user_token.hpp"

#include <mutex>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "crypto/digest.hpp"
#include "jose/jwt.hpp"
#include "jose/signing_key.hpp"

namespace account {
namespace {

std::int64_t seconds_of(base::Clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

class UserTokens::Keys {
public:
    explicit Keys(const std::filesystem::path& key_file) : sealer_{key_file, "account.token_key"} {}

    jose::SigningKey newest(db::Session& session) {
        const std::lock_guard lock{mutex_};
        if (!key_) key_ = find(session);
        if (!key_) key_ = create(session);
        return *key_;
    }

private:
    std::optional<jose::SigningKey> find(db::Session& session) const {
        static constexpr db::Statement select{
            "account.find_token_key",
            "SELECT kid, sealed FROM account.token_key ORDER BY created_at DESC LIMIT 1"};
        const auto result = session.query(select);
        if (result.empty()) return std::nullopt;
        const auto der = sealer_.open(result.front().text(1), result.front().text(0));
        if (!der) return std::nullopt;
        return jose::SigningKey::parse(jose::Algorithm::es256, *der);
    }

    jose::SigningKey create(db::Session& session) const {
        static constexpr db::Statement insert{"account.create_token_key",
                                              "INSERT INTO account.token_key (kid, sealed) VALUES ($1, $2)"};
        auto key = jose::SigningKey::create(jose::Algorithm::es256);
        session.query(insert, key.id(), sealer_.seal(key.private_der().reveal(), key.id()));
        return key;
    }

    crypto::TokenSealer sealer_;
    std::mutex mutex_;
    std::optional<jose::SigningKey> key_;
};

UserTokens::UserTokens(db::Database& database, const std::filesystem::path& key_file, std::string issuer)
    : database_{database}, issuer_{std::move(issuer)}, keys_{std::make_unique<Keys>(key_file)} {}

UserTokens::~UserTokens() = default;

UserToken UserTokens::issue(const FirstFactor& first, const std::vector<std::string>& methods,
                            std::chrono::seconds lifetime) {
    static constexpr db::Statement insert{
        "account.issue_user_token",
        "INSERT INTO account.login_session (id, sha256, user_id, methods, expires_at)"
        " VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))"};
    db::Autocommit session{database_, {}};
    const auto key = keys_->newest(session);
    const auto id = SessionId::create();
    const auto now = base::Clock::now();
    UserToken token{.text = jose::sign_jwt(key, "JWT",
                                           {{"iss", issuer_},
                                            {"aud", issuer_ + "/api/v1"},
                                            {"sub", first.user.text()},
                                            {"jti", id.text()},
                                            {"amr", methods},
                                            {"auth_time", seconds_of(now)},
                                            {"iat", seconds_of(now)},
                                            {"exp", seconds_of(now + lifetime)}}),
                    .expires_at = now + lifetime};
    db::Transaction transaction{database_, {}};
    require_same_password(transaction, first);
    transaction.query(insert, id, db::Bytes{crypto::sha256(token.text)}, first.user, methods,
                      lifetime.count());
    transaction.commit();
    return token;
}

std::optional<LoginSession> UserTokens::find(std::string_view token) {
    db::Autocommit session{database_, {}};
    return find_session(session, crypto::sha256(token));
}

void UserTokens::end(const SessionId& id) {
    static constexpr db::Statement remove{"account.end_user_token",
                                          "DELETE FROM account.login_session WHERE id = $1"};
    db::Autocommit{database_, {}}.query(remove, id);
}

}  // namespace account
