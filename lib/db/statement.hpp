#pragma once

namespace db {

/// One SQL statement and its name in logs and in the server's list of prepared statements.
/// Declare it `static constexpr`, next to the one function that runs it. Names are unique.
struct Statement {
    const char* name;
    const char* sql;
};

}  // namespace db
