#pragma once

#include <string>
#include <vector>

#include "db/session.hpp"
#include "redaction/fingerprints.hpp"
#include "vault/service.hpp"

namespace vault {

/// The key under which the values of decoys are marked. Not secret: the values are random, and everyone who
/// sees arguments must be able to know them.
inline constexpr std::string_view decoy_mark_key = "gatehouse decoy v1";

/// Values that look like credentials of this method and open nothing anywhere.
Secrets make_decoy_secrets(const AuthMethod& method);

/// The marks by which decoys' values are known, as text.
std::vector<std::string> decoy_marks_of(const Secrets& secrets);

/// One decoy of any workspace.
struct Decoy {
    auth::WorkspaceId workspace;
    ServiceId service;
    std::vector<redaction::Mark> marks;
};

/// All there are.
std::vector<Decoy> list_decoys(db::Session& session);

/// Blocks the credential that touched a decoy and leaves an alert. `proof` as in auth::Principal.
void trip_decoy(db::Session& session, const auth::Principal& caller, const Decoy& decoy,
                const std::string& detail);

}  // namespace vault
