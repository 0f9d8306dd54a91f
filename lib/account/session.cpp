#include "account/session.hpp"

#include "base/error.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "http/cookie.hpp"
#include "http/uri.hpp"

namespace account {
namespace {

constexpr std::size_t secret_size = 32;

std::optional<std::string> digest_of_cookie(const http::Request& request) {
    const auto secret = crypto::bytes_of_base64url(http::cookie_of(request, session_cookie));
    if (!secret || secret->size() != secret_size) return std::nullopt;
    return crypto::sha256(*secret);
}

}  // namespace

std::optional<LoginSession> find_session(db::Session& session, const http::Request& request) {
    const auto digest = digest_of_cookie(request);
    return digest ? find_session(session, *digest) : std::nullopt;
}

std::optional<LoginSession> find_session(db::Session& session, const std::string& digest) {
    static constexpr db::Statement find{
        "account.find_session",
        "SELECT id, user_id, email, name, methods, extract(epoch from authenticated_at)"
        "  FROM account.find_login_session($1)"};
    const auto result = session.query(find, db::Bytes{digest});
    if (result.empty()) return std::nullopt;
    const auto row = result.front();
    return LoginSession{
        .id = SessionId{row.uuid(0)},
        .user = auth::UserId{row.uuid(1)},
        .email = row.string(2),
        .name = row.string(3),
        .methods = row.strings(4),
        .authenticated_at = row.time(5),
    };
}

void require_same_password(db::Session& transaction, const FirstFactor& first) {
    static constexpr db::Statement hold{
        "account.hold_password",
        R"sql(SELECT FROM account."user" WHERE id = $1 AND password_hash = $2 FOR SHARE)sql"};
    if (!first.password_hash) return;
    if (transaction.query(hold, first.user, *first.password_hash).empty())
        throw base::Error{base::Reason::unauthenticated, "login_failed", "the password was changed just now"};
}

std::string begin_session(db::Session& session, const auth::UserId& user,
                          const std::vector<std::string>& methods, const http::Request& request) {
    static constexpr db::Statement insert{
        "account.begin_session",
        "INSERT INTO account.login_session (id, sha256, user_id, methods, expires_at)"
        " VALUES ($1, $2, $3, $4, now() + interval '30 days')"};
    end_session(session, request);
    const auto secret = crypto::random_secret(secret_size);
    session.query(insert, SessionId::create(), db::Bytes{crypto::sha256(secret.reveal())}, user, methods);
    return http::set_cookie(session_cookie, crypto::base64url_of(secret.reveal()));
}

std::string end_session(db::Session& session, const http::Request& request) {
    static constexpr db::Statement remove{"account.end_session",
                                          "DELETE FROM account.login_session WHERE sha256 = $1"};
    if (const auto digest = digest_of_cookie(request)) session.query(remove, db::Bytes{*digest});
    return http::forget_cookie(session_cookie);
}

void end_sessions(db::Session& session, const auth::UserId& user, const std::optional<SessionId>& except) {
    static constexpr db::Statement remove{
        "account.end_sessions",
        "DELETE FROM account.login_session WHERE user_id = $1 AND id IS DISTINCT FROM $2"};
    session.query(remove, user, except);
}

std::string login_path(std::string_view path) { return "/login?continue=" + http::percent_encode(path); }

}  // namespace account
