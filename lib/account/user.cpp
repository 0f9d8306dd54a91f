#include "account/user.hpp"

#include "account/password.hpp"
#include "base/error.hpp"

namespace account {

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
    static constexpr db::Statement select{
        "account.find_user",
        R"sql(SELECT id, email, name FROM account."user" WHERE lower(email) = lower($1))sql"};
    const auto result = session.query(select, email);
    if (result.empty()) return std::nullopt;
    const auto row = result.front();
    return User{.id = auth::UserId{row.uuid(0)}, .email = row.string(1), .name = row.string(2)};
}

void set_password(db::Session& session, const auth::UserId& id, const base::Secret& password) {
    static constexpr db::Statement update{
        "account.set_password", R"sql(UPDATE account."user" SET password_hash = $2 WHERE id = $1)sql"};
    session.query(update, id, hash_password(password));
}

}  // namespace account
