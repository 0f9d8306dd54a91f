#include "account/provider_login.hpp"

#include "crypto/digest.hpp"
#include "crypto/random.hpp"

namespace account {

std::string begin_provider_login(db::Session& session, const ProviderLogin& login) {
    static constexpr db::Statement insert{"account.begin_provider_login", R"sql(
        INSERT INTO account.provider_login (sha256, browser_sha256, provider, nonce, code_verifier, come_back)
        VALUES ($1, $2, $3, $4, $5, $6)
    )sql"};
    const std::string state{crypto::random_base62(43).reveal()};
    session.query(insert, db::Bytes{crypto::sha256(state)}, db::Bytes{login.browser_sha256}, login.provider,
                  login.nonce, login.code_verifier, login.come_back);
    return state;
}

std::optional<ProviderLogin> take_provider_login(db::Session& session, const std::string& state,
                                                 const std::string& browser_sha256) {
    static constexpr db::Statement take{"account.take_provider_login", R"sql(
        DELETE FROM account.provider_login
         WHERE sha256 = $1 AND browser_sha256 = $2 AND expires_at > now()
     RETURNING provider, nonce, code_verifier, come_back
    )sql"};
    const auto result = session.query(take, db::Bytes{crypto::sha256(state)}, db::Bytes{browser_sha256});
    if (result.empty()) return std::nullopt;
    const auto row = result.front();
    return ProviderLogin{.provider = row.string(0),
                         .browser_sha256 = browser_sha256,
                         .nonce = row.string(1),
                         .code_verifier = row.string(2),
                         .come_back = row.string(3)};
}

}  // namespace account
