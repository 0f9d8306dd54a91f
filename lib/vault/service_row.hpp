#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "vault/service.hpp"

namespace vault {

/// The columns that service_of reads, in its order.
#define VAULT_SERVICE_COLUMNS                                                                        \
    "s.id, s.name, s.description, s.connector, s.auth_method, s.origins, s.settings, s.revealable, " \
    "s.state, s.version, extract(epoch FROM s.created_at), extract(epoch FROM s.updated_at), "       \
    "s.policy, s.decoy, extract(epoch FROM s.echoed_at)"

ServiceState state_of(std::string_view text);

/// Without the last call, which egress alone reads.
Service service_of(const db::Row& row);
/// Columns 12 to 17 of what egress reads; nothing when there was no call yet.
std::optional<LastCall> last_call_of(const db::Row& row);

/// Settings as the database holds them: a JSON object of strings.
std::map<std::string, std::string> settings_of(std::string_view json);
std::string json_of(const std::map<std::string, std::string>& settings);

}  // namespace vault
