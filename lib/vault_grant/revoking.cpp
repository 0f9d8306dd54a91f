#include "vault_grant/revoking.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "vault_grant/answer.hpp"
#include "vault_grant/request.hpp"

namespace vault_grant {
namespace {

constexpr std::int64_t most_attempts = 20;  // more than three days
const http_client::Limits limits{.total = std::chrono::milliseconds{10000}, .body = 64 * 1024};

/// How often it was tried, this time included; nothing when it is not to be tried now.
std::optional<std::int64_t> begin(db::Session& session, const Holder& holder) {
    static constexpr db::Statement take{"vault_grant.begin_revocation", R"sql(
        UPDATE vault.revocation
           SET attempts = attempts + 1, retry_at = now() + least(power(2, attempts), 360) * interval '1 minute'
         WHERE workspace_id = $1 AND service_id = $2 AND ended_at IS NULL AND retry_at <= now()
     RETURNING attempts
    )sql"};
    const auto taken = session.query(take, holder.workspace, holder.service.id);
    if (taken.empty()) return std::nullopt;
    return taken.front().integer(0);
}

void end(db::Session& session, const Holder& holder, const std::string& outcome) {
    static constexpr db::Statement note{"vault_grant.end_revocation", R"sql(
        UPDATE vault.revocation SET ended_at = now(), outcome = $3 WHERE workspace_id = $1 AND service_id = $2
    )sql"};
    static constexpr db::Statement forget{"vault_grant.forget_tokens", R"sql(
        UPDATE vault.token SET access = NULL, refresh = NULL, version = version + 1
         WHERE workspace_id = $1 AND service_id = $2 AND state = 'revoked'
    )sql"};
    session.query(forget, holder.workspace, holder.service.id);
    session.query(note, holder.workspace, holder.service.id, outcome);
    base::log(base::Severity::info, "credential_revoked",
              {{"service", holder.service.id.text()}, {"outcome", outcome}});
}

/// What was said, while it is to be tried again.
void note(db::Session& session, const Holder& holder, const std::string& outcome) {
    static constexpr db::Statement note{"vault_grant.note_revocation", R"sql(
        UPDATE vault.revocation SET outcome = $3 WHERE workspace_id = $1 AND service_id = $2 AND ended_at IS NULL
    )sql"};
    session.query(note, holder.workspace, holder.service.id, outcome);
    base::log(base::Severity::warning, "credential_not_revoked",
              {{"service", holder.service.id.text()}, {"outcome", outcome}});
}

RevocationOutcome ask(db::Database& database, const vault_keys::KeyEncryption& key_encryption,
                      http_client::Client& client, const Holder& holder) {
    const auto token = read_token(database, holder.workspace, holder.service.id);
    const auto open = [&](Part part) {
        return open_token(key_encryption, holder.workspace, holder.service, token, part);
    };
    if (holder.method->grant && token.access.empty() && token.refresh.empty())
        return {true, "there was no token"};
    try {
        const auto request = revocation_request(holder, holder.open_secrets(key_encryption),
                                                open(Part::access), open(Part::refresh));
        return revocation_outcome_of(client.perform(request, limits));
    } catch (const base::Error& error) {
        return {false, "failed: " + error.code()};
    }
}

}  // namespace

RevocationOutcome revocation_outcome_of(const http_client::Response& response) {
    const auto said = "the provider answered " + std::to_string(response.status);
    if (response.status >= 200 && response.status <= 299) return {true, said};
    const auto error = error_code_in(response);
    return {false, "failed: " + said + (error.empty() ? "" : " " + error)};
}

void revoke_due(db::Database& database, const vault_keys::KeyEncryption& key_encryption,
                http_client::Client& client, const Holder& holder) {
    db::Autocommit session{database, db::Scope{holder.workspace.uuid()}};
    const auto attempts = begin(session, holder);
    if (!attempts) return;
    if (holder.service.state != vault::ServiceState::revoked)
        return end(session, holder, "it was replaced before");
    const auto& revocation = holder.method->revocation;
    if (!revocation || holder.filled(revocation->url).empty())
        return end(session, holder, "the provider has no endpoint for it");
    const auto outcome = ask(database, key_encryption, client, holder);
    const bool is_over = outcome.is_revoked || *attempts >= most_attempts;
    is_over ? end(session, holder, outcome.text) : note(session, holder, outcome.text);
}

}  // namespace vault_grant
