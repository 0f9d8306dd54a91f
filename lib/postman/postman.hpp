#pragma once

#include <filesystem>
#include <memory>

#include "db/database.hpp"

namespace postman {

/// Has egress deliver the mail that is queued in account.mail, in a thread of its own: at once when
/// PostgreSQL tells of some, else every 15 s. A mail that is not delivered stays queued. Any number of them
/// may run at the same time.
class Postman {
public:
    Postman(db::Database& database, std::filesystem::path internal_socket);
    ~Postman();

private:
    class Round;
    std::unique_ptr<Round> round_;
};

}  // namespace postman
