#pragma once

#include <stdexcept>
#include <string>

namespace db {

/// A statement the server refused. sqlstate() is PostgreSQL's five characters, such as 23505.
/// Code that expects one (unique_violation -> a conflict) catches it; nobody else does.
class StatementError : public std::runtime_error {
public:
    StatementError(const std::string& statement, std::string sqlstate, const std::string& message)
        : std::runtime_error{statement + ": " + message}, sqlstate_{std::move(sqlstate)} {}
    const std::string& sqlstate() const noexcept { return sqlstate_; }
    bool is_unique_violation() const noexcept { return sqlstate_ == "23505"; }
    bool is_foreign_key_violation() const noexcept { return sqlstate_ == "23503"; }
    bool is_insufficient_privilege() const noexcept { return sqlstate_ == "42501"; }

private:
    std::string sqlstate_;
};

/// The connection was lost while a statement was under way: whether it took effect is unknown.
/// Never run such a statement again unless it only reads.
class ConnectionLost : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace db
