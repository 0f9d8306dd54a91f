#include "account/accounts.hpp"
#include "account/code_digest.hpp"
#include "account/email_address.hpp"
#include "account/limits.hpp"
#include "base/error.hpp"

namespace account {
namespace {

constexpr const char* purpose = "change_address";

/// The address that the code was sent to.
std::optional<std::string> try_address_code(db::Session& session, const auth::UserId& user,
                                            const std::string& code) {
    static constexpr db::Statement attempt{"account.try_address_code", R"sql(
        WITH tried AS (
            UPDATE account.one_time_code c
               SET attempts = c.attempts + 1
             WHERE c.user_id = $1 AND c.purpose = $2 AND c.attempts < 10 AND c.expires_at > now()
         RETURNING c.address, c.sha256)
        SELECT address FROM tried WHERE sha256 = $3
    )sql"};
    const auto result = session.query(attempt, user, purpose, db::Bytes{digest_of_code(code)});
    if (result.empty()) return std::nullopt;
    return result.front().string(0);
}

void queue_mail_about(db::Session& session, const char* kind, const std::string& recipient,
                      const auth::UserId& user) {
    static constexpr db::Statement insert{
        "account.queue_mail_about",
        "INSERT INTO account.mail (id, kind, recipient, user_id) VALUES ($1, $2, $3, $4)"};
    session.query(insert, base::Uuid::create(), kind, recipient, user);
}

}  // namespace

void Accounts::begin_address_change(const LoginSession& session, const base::Secret& password,
                                    const std::string& email, const Visitor& visitor) {
    require_email(email);
    confirm(session, password);
    db::Autocommit counted{database_, {}};
    require_attempt(counted, sender_bucket(visitor));
    require_attempt(counted, mail_bucket(email));
    queue_mail_about(counted, purpose, email, session.user);
}

void Accounts::change_address(const LoginSession& session, const std::string& code) {
    static constexpr db::Statement change{"account.change_address", "SELECT account.change_address($1, $2)"};
    const base::Error wrong{base::Reason::unauthenticated, "code_wrong", "the code is wrong or has expired"};
    std::optional<std::string> address;
    {
        db::Autocommit counted{database_, {}};
        require_attempt(counted, address_code_bucket(session.user));
        address = try_address_code(counted, session.user, code);
    }
    if (!address) throw wrong;
    db::Transaction transaction{database_, {}};
    if (!spend_code(transaction, session.user, purpose, code)) throw wrong;
    if (!transaction.query(change, session.user, *address).front().boolean(0)) {
        throw base::Error{base::Reason::conflict, "address_taken", "this address is somebody else's by now"};
    }
    queue_mail_about(transaction, "address_changed", session.email, session.user);
    transaction.commit();
}

}  // namespace account
