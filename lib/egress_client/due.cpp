#include "egress_client/due.hpp"

#include <chrono>
#include <set>
#include <string>

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/log.hpp"

namespace egress_client {
namespace {

constexpr int most = 50;

struct ServiceTag {
    static constexpr std::string_view prefix = "svc";
};

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{2};  // with one provider, in one round
constexpr std::chrono::seconds round_time{30};

template <class Ask>
void attend(const db::Row& row, Ask ask) {
    const auto workspace = auth::WorkspaceId{row.uuid(0)}.text();
    const auto service = base::Id<ServiceTag>{row.uuid(1)}.text();
    try {
        ask(workspace, service);
    } catch (const base::Error& error) {
        base::log(base::Severity::warning, "due_credential_failed",
                  {{"service", service}, {"code", error.code()}});
    }
}

/// Leaves out, until the next round, whatever else concerns a provider that keeps one waiting.
void revoke_due(db::Session& session, Egress& egress) {
    static constexpr db::Statement revocations{
        "due.revocations", "SELECT workspace_id, service_id, connector FROM vault.due_revocations($1)"};
    const auto end = Clock::now() + round_time;
    std::set<std::string> slow;
    for (const auto row : session.query(revocations, most)) {
        if (Clock::now() > end) return;
        if (slow.contains(row.string(2))) continue;
        const auto begin = Clock::now();
        attend(row, [&](const auto& workspace, const auto& service) { egress.revoke(workspace, service); });
        if (Clock::now() - begin > patience) slow.insert(row.string(2));
    }
}

}  // namespace

void attend_to_due_credentials(db::Session& session, Egress& egress) {
    static constexpr db::Statement tokens{"due.tokens",
                                          "SELECT workspace_id, service_id FROM vault.due_tokens($1)"};
    for (const auto row : session.query(tokens, most))
        attend(row, [&](const auto& workspace, const auto& service) { egress.renew(workspace, service); });
    revoke_due(session, egress);
}

}  // namespace egress_client
