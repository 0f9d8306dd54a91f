#include "account/pending_login.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "http/cookie.hpp"

namespace account {
namespace {

constexpr std::string_view cookie = "__Host-gatehouse_pending";
constexpr std::chrono::seconds lifetime{600};

std::string digest_of(const http::Request& request) {
    return crypto::sha256(http::cookie_of(request, cookie));
}

}  // namespace

std::string begin_pending_login(db::Session& session, const PendingLogin& login) {
    static constexpr db::Statement insert{
        "account.begin_pending_login",
        "INSERT INTO account.pending_login (sha256, user_id, methods, come_back) VALUES ($1, $2, $3, $4)"};
    const auto secret = crypto::random_base62(43);
    session.query(insert, db::Bytes{crypto::sha256(secret.reveal())}, login.user, login.methods,
                  login.come_back);
    return http::set_cookie(cookie, secret.reveal(), lifetime);
}

std::optional<PendingLogin> find_pending_login(db::Session& session, const http::Request& request) {
    static constexpr db::Statement select{"account.find_pending_login",
                                          "SELECT user_id, methods, come_back FROM account.pending_login "
                                          "WHERE sha256 = $1 AND expires_at > now()"};
    const auto result = session.query(select, db::Bytes{digest_of(request)});
    if (result.empty()) return std::nullopt;
    const auto row = result.front();
    return PendingLogin{
        .user = auth::UserId{row.uuid(0)}, .methods = row.strings(1), .come_back = row.string(2)};
}

std::optional<std::string> end_pending_login(db::Session& session, const http::Request& request) {
    static constexpr db::Statement remove{"account.end_pending_login",
                                          "DELETE FROM account.pending_login WHERE sha256 = $1"};
    if (session.query(remove, db::Bytes{digest_of(request)}).affected() == 0) return std::nullopt;
    return http::forget_cookie(cookie);
}

}  // namespace account
