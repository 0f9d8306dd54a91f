#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "db/session.hpp"
#include "vault/connector.hpp"
#include "vault/policy.hpp"

namespace vault {

struct ServiceTag {
    static constexpr std::string_view prefix = "svc";
};
using ServiceId = base::Id<ServiceTag>;

enum class ServiceState {
    active,
    disabled,
    revoked,  ///< with every credential of its connector; a new secret or connection makes it active again
};

std::string_view name_of(ServiceState state);

/// What the last call through a service told about its credential. Written by egress alone.
struct LastCall {
    int status = 0;             ///< HTTP status of the upstream's answer
    std::optional<bool> valid;  ///< whether the upstream accepted the credential; absent when it did not say
    std::string source;         ///< "passive" (a call) or "probe" (the connector's verification)
    base::Clock::time_point checked_at;
    std::string rate_limits;  ///< JSON array of egress_client::RateLimit
    std::optional<base::Clock::time_point> retry_at;
};

/// A credential with all that is said about its use. Never holds a secret.
struct Service {
    ServiceId id;
    std::string name;  ///< unique in its workspace: [a-z0-9][a-z0-9_.-]{0,63}
    std::string description;
    std::string connector;
    std::string auth_method;
    std::vector<std::string> origins;  ///< what call_service may reach; settings filled in
    std::map<std::string, std::string> settings;
    Policy policy;
    bool revealable = false;                           ///< whether get_credentials may show the secret
    bool decoy = false;                                ///< nobody has a reason to use it: who does is blocked
    std::optional<base::Clock::time_point> echoed_at;  ///< since when its upstream sends the credential back
    ServiceState state = ServiceState::active;
    std::int64_t version = 1;  ///< counts changes of the credential
    base::Clock::time_point created_at;
    base::Clock::time_point updated_at;
    std::optional<LastCall> last_call;  ///< read by egress alone
};

using Secrets = std::map<std::string, base::Secret>;  ///< by field name

struct NewService {
    std::string name;
    std::string description;
    std::string connector;
    std::string auth_method;           ///< empty: the connector's first
    std::vector<std::string> origins;  ///< only for connectors that take any origin
    std::map<std::string, std::string> settings;
    Secrets secrets;
    bool revealable = false;
    bool decoy = false;
    bool by_operator = false;  ///< at the command line: may also say where tokens are got (SettingKind::url)
};

struct ServiceChange {
    std::optional<std::string> description;
    std::optional<bool> revealable;
    std::optional<ServiceState> state;
    std::optional<Policy> policy;  ///< checked with check_policy; replaces the former one
    bool forgets_echo = false;     ///< the upstream no longer sends the credential back
};

/// Reads a credential as it comes from standard input: the whole text (one trailing line end removed) when
/// the method has one field, else one name=value a line.
/// Throws base::Error (invalid_input, "invalid_secret") that names the field, never the value.
Secrets read_secrets(const AuthMethod& method, const base::Secret& text);

/// All of these need a session in the scope of the workspace. Sealing needs the workspace's key pair
/// (vault_keys/workspace_key.hpp); nothing here can open what was sealed.

/// Checks the request against its connector, seals each secret, stores both at once.
/// Throws base::Error: invalid_input "unknown_connector", "unknown_auth_method", "invalid_service_name",
/// "invalid_origin", "invalid_setting", "operator_only_setting", "invalid_secret"; conflict "service_exists";
/// unavailable "vault_not_ready" when the workspace has no key pair.
Service create_service(db::Session& session, const auth::WorkspaceId& workspace,
                       const ConnectorCatalog& connectors, NewService request);

/// Seals new secrets for a service; the old ones are gone. The version rises by one.
/// Throws as create_service, or base::Error (not_found, "service_not_found").
Service replace_secrets(db::Session& session, const auth::WorkspaceId& workspace,
                        const ConnectorCatalog& connectors, std::string_view name, Secrets secrets);

/// Sorted by name.
std::vector<Service> list_services(db::Session& session);
std::optional<Service> find_service(db::Session& session, std::string_view name);
/// Throws base::Error (not_found, "service_not_found"), as do the next two.
Service require_service(db::Session& session, std::string_view name);
/// Also conflict "credential_revoked" when a revoked service is to be enabled.
Service update_service(db::Session& session, std::string_view name, const ServiceChange& change);
void delete_service(db::Session& session, std::string_view name);

}  // namespace vault
