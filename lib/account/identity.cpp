#include "account/identity.hpp"

#include "account/accounts.hpp"
#include "account/email_address.hpp"
#include "account/name.hpp"
#include "base/error.hpp"

namespace account {
namespace {

std::optional<auth::UserId> find_linked(db::Session& session, const Identity& identity) {
    static constexpr db::Statement select{
        "account.find_identity", "SELECT user_id FROM account.identity WHERE issuer = $1 AND subject = $2"};
    const auto result = session.query(select, identity.issuer, identity.subject);
    if (result.empty()) return std::nullopt;
    return auth::UserId{result.front().uuid(0)};
}

/// The user of that address, made or activated now. A password laid ready by whoever registered the address
/// without showing that it is theirs does not survive.
auth::UserId ensure_user(db::Session& session, const Identity& identity) {
    static constexpr db::Statement upsert{"account.ensure_user", R"sql(
        INSERT INTO account."user" AS u (id, email, name, activated_at) VALUES ($1, $2, $3, now())
        ON CONFLICT (lower(email)) DO UPDATE
           SET activated_at = coalesce(u.activated_at, now()),
               password_hash = CASE WHEN u.activated_at IS NULL THEN NULL ELSE u.password_hash END,
               name = CASE WHEN u.activated_at IS NULL THEN excluded.name ELSE u.name END
     RETURNING id
    )sql"};
    const auto result = session.query(upsert, auth::UserId::create(), identity.email, identity.name);
    return auth::UserId{result.front().uuid(0)};
}

void require_enabled(db::Session& session, const auth::UserId& user) {
    static constexpr db::Statement select{
        "account.is_disabled", R"sql(SELECT disabled_at IS NOT NULL FROM account."user" WHERE id = $1)sql"};
    const auto result = session.query(select, user);
    if (result.empty() || !result.front().boolean(0)) return;
    throw base::Error{base::Reason::forbidden, "account_disabled",
                      "this account is disabled; ask whoever runs this server"};
}

std::string usable_name(const std::string& name) {
    try {
        require_name(name);
        return name;
    } catch (const base::Error&) {
        return {};
    }
}

}  // namespace

FirstFactor Accounts::enter(Identity identity) {
    static constexpr db::Statement link{"account.link_identity", R"sql(
        INSERT INTO account.identity (issuer, subject, user_id, email) VALUES ($1, $2, $3, $4)
        ON CONFLICT (issuer, subject) DO NOTHING
    )sql"};
    db::Transaction transaction{database_, {}};
    auto user = find_linked(transaction, identity);
    if (!user) {
        if (!identity.is_email_verified || !is_email_address(identity.email)) {
            throw base::Error{
                base::Reason::forbidden, "email_not_verified",
                "the sign-in provider has not confirmed your mail address; confirm it there first"};
        }
        identity.name = usable_name(identity.name);
        user = ensure_user(transaction, identity);
        transaction.query(link, identity.issuer, identity.subject, *user, identity.email);
        queue_mail(transaction, "identity_linked", identity.email);
    }
    require_enabled(transaction, *user);
    transaction.commit();
    return {.user = *user, .wants_second = has_second_factor(*user)};
}

}  // namespace account
