#include "account/user.hpp"

#include "account/password.hpp"
#include "base/error.hpp"

namespace account {
namespace {

User user_of(const db::Row& row) {
    return {.id = auth::UserId{row.uuid(0)},
            .email = row.string(1),
            .name = row.string(2),
            .is_activated = row.boolean(3),
            .is_disabled = row.boolean(4)};
}

}  // namespace

User create_user(db::Session& session, const std::string& email, const std::string& name,
                 const base::Secret& password) {
    static constexpr db::Statement insert{
        "account.create_user",
        R"sql(INSERT INTO account."user" (id, email, name, password_hash) VALUES ($1, $2, $3, $4))sql"};
    User user{.id = auth::UserId::create(), .email = email, .name = name};
    try {
        session.query(insert, user.id, email, name, hash_password(password));
    } catch (const db::StatementError& error) {
        if (!error.is_unique_violation()) throw;
        throw base::Error{base::Reason::conflict, "user_exists", "a user with this address exists"};
    }
    return user;
}

std::optional<User> find_user(db::Session& session, const std::string& email) {
    static constexpr db::Statement select{"account.find_user", R"sql(
        SELECT id, email, name, activated_at IS NOT NULL, disabled_at IS NOT NULL
          FROM account."user" WHERE lower(email) = lower($1)
    )sql"};
    const auto result = session.query(select, email);
    if (result.empty()) return std::nullopt;
    return user_of(result.front());
}

std::vector<User> list_users(db::Session& session, const std::string& after, int most) {
    static constexpr db::Statement select{"account.list_users", R"sql(
        SELECT id, email, name, activated_at IS NOT NULL, disabled_at IS NOT NULL
          FROM account."user"
         WHERE lower(email) > lower($1) AND email NOT LIKE '%@clients.invalid'
         ORDER BY lower(email) LIMIT $2
    )sql"};
    std::vector<User> users;
    for (const auto row : session.query(select, after, most)) users.push_back(user_of(row));
    return users;
}

void set_disabled(db::Session& session, const auth::UserId& id, bool disabled) {
    static constexpr db::Statement update{"account.set_disabled", R"sql(
        UPDATE account."user" SET disabled_at = CASE WHEN $2 THEN coalesce(disabled_at, now()) END WHERE id = $1
    )sql"};
    session.query(update, id, disabled);
}

void set_password(db::Session& session, const auth::UserId& id, const base::Secret& password) {
    static constexpr db::Statement update{
        "account.set_password", R"sql(UPDATE account."user" SET password_hash = $2 WHERE id = $1)sql"};
    session.query(update, id, hash_password(password));
}

}  // namespace account
