#pragma once

#include <string>

#include "audit/call_record.hpp"
#include "db/database.hpp"

namespace audit {

/// Lines of the audit log of one workspace on their way to the database, column by column.
class CallRows {
public:
    void add(const CallRecord& record);
    /// `repeated` after an insert whose outcome is unknown: rows that are there already are left alone.
    enum class Attempt { first, repeated };
    /// In one statement, committed when it returns.
    void insert(db::Database& database, const auth::WorkspaceId& workspace, Attempt attempt);

private:
    /// An array as PostgreSQL reads it. Elements need no quotes: each is an id, a number, a time or a word of
    /// [a-z0-9_.-].
    class Column {
    public:
        void add(std::string_view element);
        std::string take();

    private:
        std::string text_ = "{";
    };

    Column id_, at_, credential_, user_, client_, channel_, tool_, outcome_, arguments_sha256_,
        result_sha256_, duration_;
};

}  // namespace audit
