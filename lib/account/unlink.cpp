#include "account/accounts.hpp"
#include "base/error.hpp"

namespace account {

void Accounts::unlink_identity(const LoginSession& session, const base::Secret& password,
                               const std::string& issuer) {
    static constexpr db::Statement lock{
        "account.lock_user",
        R"sql(SELECT password_hash IS NOT NULL FROM account."user" WHERE id = $1 FOR UPDATE)sql"};
    static constexpr db::Statement remove{"account.unlink_identity",
                                          "DELETE FROM account.identity WHERE user_id = $1 AND issuer = $2"};
    static constexpr db::Statement rest{"account.has_identity",
                                        "SELECT count(*) FROM account.identity WHERE user_id = $1"};
    confirm(session, password);
    db::Transaction transaction{database_, {}};
    const auto user = transaction.query(lock, session.user);
    if (transaction.query(remove, session.user, issuer).affected() == 0)
        throw base::Error{base::Reason::not_found, "identity_not_found", "this provider is not linked"};
    if (!user.front().boolean(0) && transaction.query(rest, session.user).front().integer(0) == 0) {
        throw base::Error{base::Reason::conflict, "last_way_in",
                          "this is your only way to sign in; set a password first"};
    }
    queue_mail(transaction, "identity_unlinked", session.email);
    transaction.commit();
}

}  // namespace account
