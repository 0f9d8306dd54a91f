#include "egress/callers.hpp"

#include "base/error.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace egress {

namespace {

/// `user` presents a token of theirs: the text itself, so that whoever can read its digest has no proof.
Caller user_of(const auth::UserId& user, const egress_client::Envelope& envelope) {
    const auto workspace = auth::WorkspaceId::parse(envelope.workspace);
    const auto token = crypto::bytes_of_base64url(envelope.proof);
    if (!workspace || !token)
        throw base::Error{base::Reason::unauthenticated, "credential_invalid", "the user token is malformed"};
    return {.workspace = *workspace,
            .credential = auth::KeyId{user.uuid()},
            .proof = 'u' + crypto::sha256(*token)};
}

}  // namespace

Callers::Callers(const base::Config& config, db::Database& database) : tokens_{database, config.public_url} {}

Caller Callers::of(const egress_client::Envelope& envelope) {
    if (const auto user = auth::UserId::parse(envelope.credential)) return user_of(*user, envelope);
    const auto grant = auth::GrantId::parse(envelope.credential);
    if (!grant) return caller_of(envelope);
    const auto workspace = auth::WorkspaceId::parse(envelope.workspace);
    const auto token = tokens_.verify(crypto::bytes_of_base64url(envelope.proof).value_or(""));
    if (!workspace || token.grant != *grant) {
        throw base::Error{base::Reason::unauthenticated, "credential_invalid",
                          "the access token is not of that grant"};
    }
    return {.workspace = *workspace,
            .credential = auth::KeyId{grant->uuid()},
            .proof = auth::proof_of_token(token.id, token.scopes)};
}

}  // namespace egress
