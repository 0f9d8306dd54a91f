#include "retention/retention.hpp"

#include <array>

namespace retention {
namespace {

constexpr int most_rounds = 1000;

/// Each deletes at most 5,000 rows of a table and tells how many.
constexpr std::array statements{
    db::Statement{"retention.idempotency", "SELECT tool.delete_expired(5000)"},
    db::Statement{"retention.audit", "SELECT audit.delete_expired(5000)"},
    db::Statement{"retention.account", "SELECT account.delete_expired(5000)"},
    db::Statement{"retention.vault", "SELECT vault.delete_expired(5000)"},
    db::Statement{"retention.mcp", "SELECT mcp.delete_expired(5000)"},
    db::Statement{"retention.authorization_requests", "SELECT oauth.delete_expired_requests(5000)"},
    db::Statement{"retention.clients", "SELECT oauth.delete_stale_clients(1000)"},
    db::Statement{"retention.oauth", "SELECT oauth.delete_expired(5000)"},
};

}  // namespace

void delete_expired(db::Session& session) {
    for (const auto& statement : statements) {
        for (int round = 0; round < most_rounds; ++round) {
            if (session.query(statement).front().integer(0) == 0) break;
        }
    }
}

}  // namespace retention
