#pragma once

#include <optional>
#include <span>

#include "base/uuid.hpp"
#include "db/error.hpp"
#include "db/parameter.hpp"
#include "db/result.hpp"
#include "db/statement.hpp"

namespace db {

/// Whose rows are visible (row-level security): those of one workspace, or none of any tenant.
struct Scope {
    std::optional<base::Uuid> workspace;
};

/// Something that runs statements: Autocommit or Transaction. Functions that ask the database one question
/// take a Session&. Failures: StatementError, ConnectionLost, or base::Error (unavailable):
/// "database_unavailable" when no connection can be had, "database_busy" when a statement waited 5 s for a
/// lock or ran for 10 s; it was not done then.
class Session {
public:
    virtual ~Session() = default;

    template <class... Args>
    Result query(const Statement& statement, const Args&... args) {
        const Parameter parameters[]{Parameter{args}..., Parameter{std::nullopt}};
        return execute(statement, {parameters, sizeof...(args)});
    }

    virtual Result execute(const Statement& statement, std::span<const Parameter> parameters) = 0;
};

}  // namespace db
