#include "egress/callers.hpp"

#include "base/error.hpp"
#include "crypto/encoding.hpp"

namespace egress {

Callers::Callers(const base::Config& config)
    : database_{config.database, "gatehouse_egress"}, tokens_{database_, config.public_url} {}

Caller Callers::of(const egress_client::Envelope& envelope) {
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
            .proof = std::string{token.id.raw()},
            .token_scopes = token.scopes};
}

}  // namespace egress
