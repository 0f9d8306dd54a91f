#include "oauth/outcome.hpp"

#include <array>

#include "base/error.hpp"
#include "oauth/error.hpp"

namespace oauth {
namespace {

struct Verdict {
    std::string_view name;
    const char* code;
    const char* description;
};

constexpr std::array verdicts{
    Verdict{"unknown", "invalid_grant", "it is unknown"},
    Verdict{"other_client", "invalid_grant", "it was issued to another client"},
    Verdict{"wrong_verifier", "invalid_grant", "the code_verifier does not match the code_challenge"},
    Verdict{"wrong_redirect_uri", "invalid_grant",
            "the redirect_uri is not the one of the authorization request"},
    Verdict{"expired_code", "invalid_grant", "the code has expired"},
    Verdict{"replayed_code", "invalid_grant", "the code was used before; what it gave is revoked"},
    Verdict{"replayed", "invalid_grant", "the refresh token was used before; the whole grant is revoked"},
    Verdict{"expired", "invalid_grant", "the grant has expired; sign in again"},
    Verdict{"revoked", "invalid_grant", "the grant was revoked; sign in again"},
    Verdict{"client_disabled", "invalid_client", "the client is disabled"},
    Verdict{"client_must_authenticate", "invalid_client", "this client must authenticate"},
    Verdict{"workspace_suspended", "invalid_grant", "the workspace is suspended"},
    Verdict{"not_a_member", "invalid_grant", "the user is no longer a member of the workspace"},
    Verdict{"user_disabled", "invalid_grant", "the user is disabled"},
    Verdict{"nothing_allowed", "invalid_grant",
            "the user may no longer allow any of what was granted; sign in again"},
    Verdict{"signed_out", "invalid_grant", "the person has signed out since; start again"},
    Verdict{"other_resource", "invalid_target", "the grant is for another resource"},
    Verdict{"scope_exceeded", "invalid_scope", "the scope is wider than what was granted"},
};

}  // namespace

void require_ok(std::string_view verdict) {
    if (verdict == "ok") return;
    for (const auto& known : verdicts) {
        if (known.name == verdict) throw refusal(known.code, known.description);
    }
    throw base::Error{base::Reason::unavailable, "temporarily_unavailable", "try again"};
}

TokenGrant granted_of(const db::Row& row) {
    require_ok(row.text(0));
    return {.grant = auth::GrantId{row.uuid(1)},
            .workspace = auth::WorkspaceId{row.uuid(2)},
            .subject = auth::UserId{row.uuid(3)}.text(),
            .client_id = row.string(4),
            .resource = row.string(6),
            .scopes = auth::Scopes::parse(row.strings(5)),
            .refresh_token = {}};
}

}  // namespace oauth
