#include "vault/decoy.hpp"

#include "auth/access_token.hpp"
#include "crypto/digest.hpp"
#include "crypto/random.hpp"

namespace vault {
namespace {

/// As auth.live_credential takes it.
std::string proof_of(const auth::Principal& caller) {
    if (caller.token) return auth::proof_of_token(*caller.token, caller.scopes);
    if (caller.kind == auth::CredentialKind::user_token) return 'u' + crypto::sha256(caller.credential_proof);
    return caller.credential_proof;
}

}  // namespace

Secrets make_decoy_secrets(const AuthMethod& method) {
    Secrets secrets;
    for (const auto& field : method.secrets) {
        auto value = field.prefix.value_or("");
        value += crypto::random_base62(40).reveal();
        secrets.emplace(field.name, base::Secret::take(value));
    }
    return secrets;
}

std::vector<std::string> decoy_marks_of(const Secrets& secrets) {
    const redaction::Fingerprints fingerprints{decoy_mark_key};
    std::vector<std::string> marks;
    for (const auto& [name, secret] : secrets) {
        for (const auto& mark : fingerprints.marks_of(secret.reveal())) marks.push_back(mark.text());
    }
    return marks;
}

std::vector<Decoy> list_decoys(db::Session& session) {
    static constexpr db::Statement select{"vault.list_decoys",
                                          "SELECT workspace_id, service_id, marks FROM vault.decoys()"};
    std::vector<Decoy> decoys;
    for (const auto row : session.query(select)) {
        Decoy decoy{auth::WorkspaceId{row.uuid(0)}, ServiceId{row.uuid(1)}, {}};
        for (const auto& text : row.strings(2)) {
            if (auto mark = redaction::Mark::parse(text)) decoy.marks.push_back(*std::move(mark));
        }
        decoys.push_back(std::move(decoy));
    }
    return decoys;
}

void trip_decoy(db::Session& session, const auth::Principal& caller, const Decoy& decoy,
                const std::string& detail) {
    static constexpr db::Statement trip{"vault.trip_decoy",
                                        "SELECT vault.trip_decoy($1, $2, $3, $4, 'decoy_value_seen', $5)"};
    const auto proof = proof_of(caller);
    session.query(trip, caller.credential, db::Bytes{proof}, caller.workspace, decoy.service, detail);
}

}  // namespace vault
