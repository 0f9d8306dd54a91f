#include "vault_grant/refusal.hpp"

namespace vault_grant {
namespace {

using base::Error;
using base::Reason;

std::string time_of(const Token& token) {
    const auto time =
        token.claim_until && *token.claim_until > base::Clock::now() ? token.claim_until : token.retry_at;
    return base::rfc3339_of(time.value_or(base::Clock::now()));
}

}  // namespace

std::optional<std::string> action_of(const vault::Service& service, const Token& token) {
    if (token.state == "needs_reconnect")
        return "an administrator must connect it: POST /api/v1/services/" + service.name + "/connection";
    if (token.state == "misconfigured")
        return "the operator must correct the client's id, secret or settings of " + service.name;
    if (token.state == "revoked") return "an administrator must store a new secret or connect it anew";
    if (token.state == "degraded") return "wait until retry_at";
    return std::nullopt;
}

Error refusal_of(const vault::Service& service, const Token& token) {
    const auto begin = "the credential of service \"" + service.name + "\" ";
    const auto why = token.reason.empty() ? "" : " (" + token.reason + ")";
    const auto action = action_of(service, token).value_or("");
    if (token.state == "needs_reconnect")
        return {Reason::forbidden, "credential_needs_reconnect", begin + "is over" + why + ": " + action};
    if (token.state == "misconfigured")
        return {Reason::forbidden, "credential_misconfigured", begin + "was refused" + why + ": " + action};
    if (token.state == "revoked")
        return {Reason::forbidden, "credential_revoked", begin + "was revoked: " + action};
    if (token.claim_until && *token.claim_until > base::Clock::now()) {
        return {Reason::unavailable, "credential_refreshing",
                begin + "is being renewed: try again at " + time_of(token)};
    }
    return {Reason::unavailable, "credential_refresh_failed",
            begin + "could not be renewed" + why + ": try again at " + time_of(token)};
}

std::optional<Error> known_refusal(const vault::Service& service, const vault::AuthMethod& method,
                                   Token token) {
    if (!method.grant) return std::nullopt;
    if (token.state == "revoked") return refusal_of(service, token);
    const auto now = base::Clock::now();
    if (token.is_usable(now)) return std::nullopt;
    const bool needs_user = method.grant->type == vault::GrantType::authorization_code;
    if (needs_user && token.refresh.empty()) token.state = "needs_reconnect";
    const bool is_claimed = token.claim_until && *token.claim_until > now;
    const bool must_wait = !is_claimed && token.retry_at && *token.retry_at > now;
    if (token.is_renewable() && !must_wait) return std::nullopt;
    return refusal_of(service, token);
}

}  // namespace vault_grant
