#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "egress/opened_service.hpp"
#include "redaction/fingerprints.hpp"
#include "vault_keys/workspace_key.hpp"

namespace egress {

/// Knows a secret of a workspace when it sees one, without keeping it: each is opened once in a process, to
/// take its mark under a key that dies with the process. Safe from any thread.
class LeakWatch {
public:
    LeakWatch(db::Database& database, const vault_keys::KeyEncryption& key_encryption,
              const vault::ConnectorCatalog& connectors);

    struct Sighting {
        vault::ServiceId service;
        bool is_decoy = false;
    };
    /// Whose secret stands in one of the texts. `generation`: of the workspace's secrets, from
    /// OpenedService::guard; a newer one than was seen before costs a round trip and the opening of what is
    /// new.
    std::optional<Sighting> look(const Caller& caller, std::int64_t generation,
                                 const std::vector<std::string_view>& texts);

private:
    struct Known {
        Sighting owner;
        std::vector<redaction::Mark> marks;
    };
    struct Workspace {
        std::int64_t generation = -1;
        std::map<std::pair<vault::ServiceId, std::string>, Known> secrets;
        std::vector<Sighting> owners;
        std::optional<redaction::Fingerprints> fingerprints;
    };
    using Shared = std::shared_ptr<const Workspace>;

    Shared up_to_date(const Caller& caller, std::int64_t generation);
    Shared renewed(const Caller& caller, const Workspace& former);
    Known known_of(const Caller& caller, const db::Row& row) const;

    db::Database& database_;
    const vault_keys::KeyEncryption& key_encryption_;
    const vault::ConnectorCatalog& connectors_;
    std::string key_;
    std::mutex mutex_;
    std::map<auth::WorkspaceId, Shared> workspaces_;
};

}  // namespace egress
