#pragma once

#include <optional>

#include "db/database.hpp"
#include "egress/budget.hpp"
#include "egress_client/messages.hpp"
#include "http_client/message.hpp"
#include "vault/service.hpp"
#include "vault_grant/token.hpp"

namespace egress {

/// A token as a status tells of it.
struct TokenStatus {
    vault_grant::Token token;
    bool is_refreshable = false;
    std::string state;  ///< its own, or refreshing or expired
};

/// The token's, for a method with a grant; nothing for others.
std::optional<TokenStatus> token_status(const vault::AuthMethod& method,
                                        const std::optional<vault_grant::Token>& token,
                                        base::Clock::time_point now);

/// Whether an ordinary answer shows that the upstream accepted (2xx) or refused (401) the credential; nothing
/// when it does not say: 403, 429, 5xx and the rest never mean invalid.
std::optional<bool> heard_in_passing(const egress_client::CallResult& result,
                                     const vault::Connector& connector);

/// The same of the answer to the connector's verification request.
std::optional<bool> heard_from_probe(const egress_client::CallResult& result,
                                     const vault::Verification& verify);

/// Whether there is no need to ask again: heard from, or asked, within the last minute.
bool is_recent(const std::optional<vault::LastCall>& last, base::Clock::time_point now);

/// The connector's verification request, without credential. REQUIRES: the connector has one.
http_client::Request probe_of(const vault::Service& service, const vault::Connector& connector);

/// What a call tells of the credential. `source`: "passive" or "probe".
vault::LastCall last_call_of(const egress_client::CallResult& result, std::optional<bool> valid,
                             const char* source);

/// Whether this process may ask the upstream now: of all processes, one within a minute.
bool claim_probe(db::Database& database, const auth::WorkspaceId& workspace, const vault::Service& service);

/// What there is to say, and the one action that would help. `token`: where the method has a grant.
egress_client::CredentialStatus status_of(const vault::Service& service,
                                          const std::optional<vault::LastCall>& last,
                                          const std::optional<TokenStatus>& token);

/// Adds what is known of budgets of which the last call did not tell.
void add_budgets(egress_client::CredentialStatus& status, std::vector<KnownBudget> budgets);

}  // namespace egress
