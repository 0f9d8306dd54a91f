#include "account_messages/messages.hpp"
#include "account_rest/call.hpp"
#include "base/error.hpp"
#include "oauth/grant.hpp"

namespace account_rest {

using nlohmann::json;
namespace messages = account_messages;

json Api::list_grants(const Call& call) {
    messages::Grants grants;
    db::Autocommit session{database_, {}};
    for (const auto& grant : oauth::list_grants(session, call.session->user)) {
        grants.grants.push_back({.id = grant.id.text(),
                                 .workspace = grant.workspace,
                                 .client_id = grant.client_id,
                                 .client_name = grant.client_name,
                                 .scopes = grant.scopes,
                                 .resource = grant.resource,
                                 .created_at = base::rfc3339_of(grant.created_at),
                                 .expires_at = base::rfc3339_of(grant.expires_at)});
    }
    return schema::encode(grants);
}

json Api::revoke_grant(const Call& call) {
    const auto id = oauth::GrantKey::parse(call.input<messages::GrantEnd>().grant_id);
    if (!id) throw base::Error{base::Reason::not_found, "grant_not_found", "no such grant of yours"};
    db::Autocommit session{database_, {}};
    oauth::revoke_grant(session, call.session->user, *id);
    return schema::encode(messages::Status{.status = "revoked"});
}

}  // namespace account_rest
