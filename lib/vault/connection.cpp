#include "vault/connection.hpp"

#include "base/error.hpp"
#include "crypto/sealed_token.hpp"
#include "schema/schema.hpp"

namespace vault {
namespace {

constexpr std::chrono::minutes lifetime{10};

struct Ticket {
    std::string workspace;
    std::string service;
    std::string attempt;
    std::string slug;
    std::int64_t expires = 0;

    static constexpr auto fields = std::tuple{
        schema::field("workspace", &Ticket::workspace, "Public id."),
        schema::field("service", &Ticket::service, "Public id."),
        schema::field("attempt", &Ticket::attempt, "UUID."),
        schema::field("slug", &Ticket::slug, "The workspace's."),
        schema::field("expires", &Ticket::expires, "Seconds since 1970."),
    };
};

[[noreturn]] void refuse() {
    throw base::Error{base::Reason::invalid_input, "connection_invalid",
                      "this link is not complete: ask for a new one"};
}

}  // namespace

ConnectionStart start_connection(db::Session& session, const crypto::TokenSealer& sealer,
                                 const std::string& public_url, ConnectionAttempt attempt,
                                 const std::optional<base::Uuid>& created_by) {
    static constexpr db::Statement insert{"vault.start_connection", R"sql(
        INSERT INTO vault.connection (workspace_id, id, service_id, created_by, expires_at)
        VALUES ($1, $2, $3, $4, $5)
    )sql"};
    attempt.id = base::Uuid::create();
    attempt.expires_at = base::Clock::now() + lifetime;
    session.query(insert, attempt.workspace, attempt.id, attempt.service, created_by,
                  base::rfc3339_of(attempt.expires_at));
    const Ticket ticket{.workspace = attempt.workspace.text(),
                        .service = attempt.service.text(),
                        .attempt = attempt.id.text(),
                        .slug = attempt.workspace_slug,
                        .expires = base::Clock::to_time_t(attempt.expires_at)};
    return {public_url + "/connect/start?ticket=" + sealer.seal(schema::dump(schema::encode(ticket)), ""),
            attempt.expires_at};
}

ConnectionAttempt read_ticket(const crypto::TokenSealer& sealer, const std::string& text) {
    const auto plain = sealer.open(text, "");
    if (!plain) refuse();
    const auto ticket = schema::decode<Ticket>(schema::parse(*plain));
    const auto workspace = auth::WorkspaceId::parse(ticket.workspace);
    const auto service = ServiceId::parse(ticket.service);
    const auto attempt = base::Uuid::parse(ticket.attempt);
    if (!workspace || !service || !attempt) refuse();
    const auto expires_at = base::Clock::from_time_t(ticket.expires);
    if (base::Clock::now() >= expires_at) {
        throw base::Error{base::Reason::forbidden, "connection_expired",
                          "this link is more than ten minutes old: ask for a new one"};
    }
    return {*workspace, *service, *attempt, ticket.slug, expires_at};
}

void require_connectable(const AuthMethod& method) {
    if (method.grant && method.grant->type == GrantType::authorization_code) return;
    throw base::Error{
        base::Reason::invalid_input, "not_connectable",
        "no user connects this service: its auth method " + method.name + " works with what was stored"};
}

}  // namespace vault
