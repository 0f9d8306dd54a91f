#include "account/accounts.hpp"
#include "account/limits.hpp"
#include "account/password.hpp"
#include "account/password_rules.hpp"
#include "crypto/encoding.hpp"

namespace account {
namespace {

constexpr std::chrono::minutes recent{10};

struct Candidate {
    std::optional<auth::UserId> user;
    std::optional<std::string> password_hash;
    bool is_activated = false;
    bool has_second_factor = false;
    bool knows_browser = false;
};

/// A disabled user is like one without a password: nothing tells them apart from who is unknown.
Candidate find_candidate(db::Session& session, const std::string& email, const Visitor& visitor) {
    static constexpr db::Statement find{"account.find_candidate", R"sql(
        SELECT u.id, CASE WHEN u.disabled_at IS NULL THEN u.password_hash END, u.activated_at IS NOT NULL,
               EXISTS (SELECT FROM account.two_factor f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL),
               EXISTS (SELECT FROM account.known_browser b WHERE b.user_id = u.id AND b.browser_sha256 = $2)
          FROM account."user" u
         WHERE lower(u.email) = lower($1)
    )sql"};
    if (!may_be_address(email)) return {};
    const auto result = session.query(find, email, db::Bytes{visitor.browser_sha256});
    if (result.empty()) return {};
    const auto row = result.front();
    return {.user = auth::UserId{row.uuid(0)},
            .password_hash = row.optional_string(1),
            .is_activated = row.boolean(2),
            .has_second_factor = row.boolean(3),
            .knows_browser = row.boolean(4)};
}

/// A browser that the user has signed in with is counted apart: guessing elsewhere cannot lock them out.
Bucket bucket_for(const std::string& email, const Candidate& candidate, const Visitor& visitor) {
    auto bucket = password_bucket(email);
    if (candidate.knows_browser) bucket.name += ' ' + crypto::hex_of(visitor.browser_sha256);
    return bucket;
}

}  // namespace

Accounts::Accounts(db::Database& database, const std::filesystem::path& key_file)
    : database_{database}, sealer_{key_file, "account.two_factor"} {}

FirstFactor Accounts::check_password(const std::string& email, const base::Secret& password,
                                     const Visitor& visitor) {
    db::Autocommit session{database_, {}};
    const auto address = address_bucket(visitor);
    require_attempt(session, address);
    const auto candidate = find_candidate(session, email, visitor);
    const auto bucket = bucket_for(email, candidate, visitor);
    require_attempt(session, bucket);
    if (!verify_password(candidate.password_hash, password)) {
        throw base::Error{base::Reason::unauthenticated, "login_failed",
                          "the mail address or the password is wrong"};
    }
    forgive(session, bucket);
    withdraw_attempt(session, address);
    if (!candidate.is_activated) {
        throw base::Error{base::Reason::forbidden, "account_not_activated",
                          "the mail address is not confirmed yet; enter the code that was sent"};
    }
    return {.user = *candidate.user,
            .wants_second = candidate.has_second_factor,
            .password_hash = candidate.password_hash};
}

void Accounts::remember_visitor(db::Session& session, const auth::UserId& user, const Visitor& visitor) {
    static constexpr db::Statement remember{"account.remember_browser", R"sql(
        INSERT INTO account.known_browser (user_id, browser_sha256) VALUES ($1, $2)
        ON CONFLICT (user_id, browser_sha256) DO UPDATE SET seen_at = now()
    )sql"};
    if (!visitor.browser_sha256.empty()) session.query(remember, user, db::Bytes{visitor.browser_sha256});
}

void Accounts::remember_visitor(const auth::UserId& user, const Visitor& visitor) {
    db::Autocommit session{database_, {}};
    remember_visitor(session, user, visitor);
}

std::string Accounts::sign_in(const FirstFactor& first, const std::vector<std::string>& methods,
                              const http::Request& request, const Visitor& visitor) {
    db::Transaction transaction{database_, {}};
    require_same_password(transaction, first);
    auto cookie = begin_session(transaction, first.user, methods, request);
    remember_visitor(transaction, first.user, visitor);
    transaction.commit();
    return cookie;
}

std::vector<std::string> Accounts::finish_login(const PendingLogin& pending, const http::Request& request,
                                                const Visitor& visitor) {
    db::Transaction transaction{database_, {}};
    auto forgotten = end_pending_login(transaction, request);
    if (!forgotten) return {};
    auto methods = pending.methods;
    methods.insert(methods.end(), {"otp", "mfa"});
    auto cookie = begin_session(transaction, pending.user, methods, request);
    remember_visitor(transaction, pending.user, visitor);
    transaction.commit();
    return {*std::move(forgotten), std::move(cookie)};
}

std::optional<std::string> Accounts::password_hash_of(const auth::UserId& user) {
    static constexpr db::Statement select{"account.password_hash",
                                          R"sql(SELECT password_hash FROM account."user" WHERE id = $1)sql"};
    const auto result = db::Autocommit{database_, {}}.query(select, user);
    return result.empty() ? std::nullopt : result.front().optional_string(0);
}

void Accounts::confirm(const LoginSession& session, const base::Secret& password) {
    const auto hash = password_hash_of(session.user);
    if (!hash) {
        if (base::Clock::now() - session.authenticated_at < recent) return;
        throw base::Error{base::Reason::forbidden, "login_too_old", "sign in once more before you do this"};
    }
    db::Autocommit counted{database_, {}};
    const Bucket bucket{.name = "confirm " + session.user.text()};
    require_attempt(counted, bucket);
    if (!verify_password(hash, password))
        throw base::Error{base::Reason::unauthenticated, "password_wrong", "the present password is wrong"};
    forgive(counted, bucket);
}

void Accounts::change_password(const LoginSession& session, const base::Secret& current,
                               const base::Secret& password) {
    static constexpr db::Statement update{
        "account.change_password", R"sql(UPDATE account."user" SET password_hash = $2 WHERE id = $1)sql"};
    confirm(session, current);
    require_good_password(password, session.email, session.name);
    const auto hash = hash_password(password);
    db::Transaction transaction{database_, {}};
    transaction.query(update, session.user, hash);
    end_sessions(transaction, session.user, session.id);
    queue_mail(transaction, "password_changed", session.email);
    transaction.commit();
}

}  // namespace account
