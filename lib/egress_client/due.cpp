#include "egress_client/due.hpp"

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/log.hpp"

namespace egress_client {
namespace {

constexpr int most = 50;

struct ServiceTag {
    static constexpr std::string_view prefix = "svc";
};

template <class Ask>
void for_each(const db::Result& due, Ask ask) {
    for (const auto row : due) {
        const auto workspace = auth::WorkspaceId{row.uuid(0)}.text();
        const auto service = base::Id<ServiceTag>{row.uuid(1)}.text();
        try {
            ask(workspace, service);
        } catch (const base::Error& error) {
            base::log(base::Severity::warning, "due_credential_failed",
                      {{"service", service}, {"code", error.code()}});
        }
    }
}

}  // namespace

void attend_to_due_credentials(db::Session& session, Egress& egress) {
    static constexpr db::Statement tokens{"due.tokens",
                                          "SELECT workspace_id, service_id FROM vault.due_tokens($1)"};
    static constexpr db::Statement revocations{
        "due.revocations", "SELECT workspace_id, service_id FROM vault.due_revocations($1)"};
    for_each(session.query(revocations, most),
             [&](const auto& workspace, const auto& service) { egress.revoke(workspace, service); });
    for_each(session.query(tokens, most),
             [&](const auto& workspace, const auto& service) { egress.renew(workspace, service); });
}

}  // namespace egress_client
