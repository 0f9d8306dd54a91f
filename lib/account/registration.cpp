#include "account/accounts.hpp"
#include "account/code_digest.hpp"
#include "account/email_address.hpp"
#include "account/limits.hpp"
#include "account/name.hpp"
#include "account/password.hpp"
#include "account/password_rules.hpp"
#include "crypto/digest.hpp"

namespace account {

std::string digest_of_code(const std::string& code) {
    std::string plain;
    for (const char c : code) {
        if (c == '-' || c == ' ') continue;
        plain += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return crypto::sha256(plain);
}

void require_email(const std::string& email) {
    if (!is_email_address(email))
        throw base::Error{base::Reason::invalid_input, "email_invalid", "this is no mail address"};
}

void Accounts::queue_mail(db::Session& session, const char* kind, const std::string& email) {
    static constexpr db::Statement insert{
        "account.queue_mail", "INSERT INTO account.mail (id, kind, recipient) VALUES ($1, $2, $3)"};
    session.query(insert, base::Uuid::create(), kind, email);
}

void Accounts::request_mail(const char* kind, const std::string& email, const Visitor& visitor) {
    require_email(email);
    db::Autocommit session{database_, {}};
    require_attempt(session, sender_bucket(visitor));
    require_attempt(session, mail_bucket(email));
    queue_mail(session, kind, email);
}

void Accounts::enrol(const Registration& registration, const Visitor& visitor) {
    static constexpr db::Statement insert{"account.enrol", R"sql(
        INSERT INTO account."user" AS u (id, email, name, password_hash, activated_at) VALUES ($1, $2, $3, $4, NULL)
        ON CONFLICT (lower(email)) DO UPDATE
           SET email = excluded.email, name = excluded.name, password_hash = excluded.password_hash
         WHERE u.activated_at IS NULL
    )sql"};
    require_email(registration.email);
    require_name(registration.name);
    require_good_password(registration.password, registration.email, registration.name);
    {
        db::Autocommit session{database_, {}};
        require_attempt(session, sender_bucket(visitor));
        require_attempt(session, mail_bucket(registration.email));
    }
    const auto hash = hash_password(registration.password);
    db::Transaction transaction{database_, {}};
    transaction.query(insert, auth::UserId::create(), registration.email, registration.name, hash);
    queue_mail(transaction, "activate", registration.email);
    transaction.commit();
}

void Accounts::send_activation(const std::string& email, const Visitor& visitor) {
    request_mail("activate", email, visitor);
}

void Accounts::send_reset(const std::string& email, const Visitor& visitor) {
    request_mail("reset_password", email, visitor);
}

std::optional<auth::UserId> Accounts::try_code(const char* purpose, const std::string& email,
                                               const std::string& code, const Visitor& visitor) {
    static constexpr db::Statement attempt{"account.try_code", R"sql(
        WITH tried AS (
            UPDATE account.one_time_code c
               SET attempts = c.attempts + 1
              FROM account."user" u
             WHERE lower(u.email) = lower($1) AND c.user_id = u.id AND c.purpose = $2
               AND c.attempts < 10 AND c.expires_at > now()
         RETURNING c.user_id, c.sha256)
        SELECT user_id FROM tried WHERE sha256 = $3
    )sql"};
    db::Autocommit session{database_, {}};
    require_attempt(session, address_bucket(visitor));
    require_attempt(session, code_bucket(email));
    if (!may_be_address(email)) return std::nullopt;
    const auto result = session.query(attempt, email, purpose, db::Bytes{digest_of_code(code)});
    if (result.empty()) return std::nullopt;
    return auth::UserId{result.front().uuid(0)};
}

bool Accounts::spend_code(db::Session& session, const auth::UserId& user, const char* purpose,
                          const std::string& code) {
    static constexpr db::Statement remove{
        "account.spend_code",
        "DELETE FROM account.one_time_code WHERE user_id = $1 AND purpose = $2 AND sha256 = $3"};
    return session.query(remove, user, purpose, db::Bytes{digest_of_code(code)}).affected() == 1;
}

FirstFactor Accounts::activate(const std::string& email, const std::string& code,
                               const base::Secret& password, const Visitor& visitor) {
    static constexpr db::Statement update{
        "account.activate",
        R"sql(UPDATE account."user" SET activated_at = coalesce(activated_at, now())
               WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL)sql"};
    const base::Error wrong{base::Reason::unauthenticated, "code_wrong", "the code is wrong or has expired"};
    const auto user = try_code("activate", email, code, visitor);
    const auto hash = user ? password_hash_of(*user) : std::nullopt;
    const bool fits = verify_password(hash, password);
    if (!user) throw wrong;
    db::Transaction transaction{database_, {}};
    if (!fits || transaction.query(update, *user, *hash).affected() == 0) {
        throw base::Error{base::Reason::unauthenticated, "login_failed",
                          "this is not the password of the registration"};
    }
    if (!spend_code(transaction, *user, "activate", code)) throw wrong;
    transaction.commit();
    return {.user = *user, .wants_second = has_second_factor(*user), .password_hash = hash};
}

void Accounts::reset_password(const std::string& email, const std::string& code, const base::Secret& password,
                              const Visitor& visitor) {
    static constexpr db::Statement update{"account.reset_password", R"sql(
        UPDATE account."user" SET password_hash = $2, activated_at = coalesce(activated_at, now()) WHERE id = $1
    )sql"};
    static constexpr db::Statement revoke{"account.revoke_grants", "SELECT oauth.revoke_grants_of($1)"};
    require_good_password(password, email, "");
    const base::Error wrong{base::Reason::unauthenticated, "code_wrong", "the code is wrong or has expired"};
    const auto user = try_code("reset_password", email, code, visitor);
    if (!user) throw wrong;
    const auto hash = hash_password(password);
    db::Transaction transaction{database_, {}};
    if (!spend_code(transaction, *user, "reset_password", code)) throw wrong;
    transaction.query(update, *user, hash);
    end_sessions(transaction, *user);
    transaction.query(revoke, *user);
    queue_mail(transaction, "password_changed", email);
    transaction.commit();
}

}  // namespace account
