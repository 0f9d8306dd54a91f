#include "account/accounts.hpp"
#include "account/name.hpp"
#include "base/error.hpp"

namespace account {

Profile Accounts::profile(const auth::UserId& user) {
    static constexpr db::Statement select{"account.profile", R"sql(
        SELECT u.email, u.name, u.password_hash IS NOT NULL,
               EXISTS (SELECT FROM account.two_factor f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL),
               (SELECT count(*) FROM account.recovery_code c WHERE c.user_id = u.id),
               ARRAY(SELECT i.issuer FROM account.identity i WHERE i.user_id = u.id ORDER BY i.linked_at),
               extract(epoch from u.created_at)
          FROM account."user" u
         WHERE u.id = $1
    )sql"};
    const auto result = db::Autocommit{database_, {}}.query(select, user);
    if (result.empty()) throw base::Error{base::Reason::not_found, "user_not_found", "there is no such user"};
    const auto row = result.front();
    return {.id = user,
            .email = row.string(0),
            .name = row.string(1),
            .has_password = row.boolean(2),
            .has_two_factor = row.boolean(3),
            .recovery_codes = static_cast<int>(row.integer(4)),
            .identities = row.strings(5),
            .created_at = row.time(6)};
}

void Accounts::rename(const auth::UserId& user, const std::string& name) {
    static constexpr db::Statement update{"account.rename",
                                          R"sql(UPDATE account."user" SET name = $2 WHERE id = $1)sql"};
    require_name(name);
    db::Autocommit{database_, {}}.query(update, user, name);
}

}  // namespace account
