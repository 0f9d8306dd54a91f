#include "retention/retention.hpp"

#include <array>

namespace retention {
namespace {

constexpr int most_rounds = 1000;

/// Each deletes at most 5,000 rows.
constexpr std::array statements{
    db::Statement{"retention.idempotency", R"sql(
        DELETE FROM tool.idempotency
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM tool.idempotency
                                  WHERE started_at < now() - interval '24 hours' LIMIT 5000))
    )sql"},
    db::Statement{"retention.audit", R"sql(
        DELETE FROM audit.call
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM audit.call WHERE at < now() - interval '400 days' LIMIT 5000))
    )sql"},
};

}  // namespace

void delete_expired(db::Session& session) {
    for (const auto& statement : statements) {
        for (int round = 0; round < most_rounds; ++round) {
            if (session.query(statement).affected() == 0) break;
        }
    }
}

}  // namespace retention
