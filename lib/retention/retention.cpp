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
    db::Statement{"retention.mcp_event", R"sql(
        DELETE FROM mcp.event
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM mcp.event WHERE created_at < now() - interval '1 hour' LIMIT 5000))
    )sql"},
    db::Statement{"retention.mcp_client_request", R"sql(
        DELETE FROM mcp.client_request
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM mcp.client_request WHERE created_at < now() - interval '1 hour' LIMIT 5000))
    )sql"},
    db::Statement{"retention.mcp_change", R"sql(
        DELETE FROM mcp.change
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM mcp.change WHERE created_at < now() - interval '1 day' LIMIT 5000))
    )sql"},
    db::Statement{"retention.mcp_subscription", R"sql(
        DELETE FROM mcp.subscription
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM mcp.subscription WHERE created_at < now() - interval '31 days' LIMIT 5000))
    )sql"},
    db::Statement{"retention.mcp_session", R"sql(
        DELETE FROM mcp.session
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM mcp.session WHERE created_at < now() - interval '31 days' LIMIT 5000))
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
