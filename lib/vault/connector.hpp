#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vault {

/// What a setting's value may be. Settings are not secret; each kind is checked when a service is created.
enum class SettingKind {
    host_label,  ///< one label of a host name: lower-case letters, digits, inner hyphens
    host,        ///< a host name of at least two labels
    name,        ///< a header or query parameter name (RFC 9110 token)
    pattern,     ///< printable ASCII with the placeholder {secret}, such as "ApiKey {secret}"
};

/// Something an operator says about one service besides its secret, such as the site of an Atlassian account.
struct Setting {
    std::string name;
    SettingKind kind = SettingKind::host_label;
    std::string description;
    std::optional<std::string> fallback;  ///< used when nothing is said; without it the setting is required
};

/// One value of a credential, sealed on its own.
struct SecretField {
    std::string name;
    std::string description;
};

enum class Place { header, query, basic };

/// Where a credential goes in a request. Templates name fields and settings in braces; text that a caller
/// supplies is never expanded.
struct Injection {
    Place place = Place::header;
    std::string name;   ///< of the header or query parameter; empty for basic
    std::string value;  ///< template of the value; for basic of user-id:password before base64
};

/// One way to authenticate to a connector's service. The first one listed is used unless another is named.
struct AuthMethod {
    std::string name;  ///< such as bearer
    std::string description;
    std::vector<SecretField> fields;
    std::vector<Setting> settings;  ///< besides the connector's
    std::vector<Injection> injections;
};

/// A cheap request that tells whether a credential works. Statuses in no list say nothing about it.
struct Verification {
    std::string method = "GET";
    std::string path;
    std::optional<std::string> body;  ///< JSON text
    std::vector<int> valid;
    std::vector<int> invalid;
    std::optional<std::string> valid_member;  ///< a top-level boolean that must also be true, such as "ok"
};

enum class ResetUnit { epoch_s, epoch_ms, epoch_float, delta_s, go_duration, rfc3339, http_date, window_ms };

/// The response headers that tell of one rate limit; names in lower case, empty when there is none.
struct RateRule {
    std::string bucket;
    std::string limit;
    std::string remaining;
    std::string reset;
    ResetUnit unit = ResetUnit::epoch_s;
};

/// One kind of outside service, as data: connectors/<id>.json.
struct Connector {
    std::string id;
    std::string title;
    std::string description;
    std::string documentation;         ///< URL of the provider's API reference
    std::vector<std::string> origins;  ///< scheme, host, port and optional path prefix; may name settings
    bool any_origin = false;           ///< the operator gives the origins
    std::vector<Setting> settings;
    std::vector<AuthMethod> auth;
    std::map<std::string, std::string> fixed_headers;
    std::optional<Verification> verify;
    std::vector<RateRule> rate_limits;
    std::vector<std::string> secret_endpoints;  ///< "METHOD /path/*": would return or mint a secret

    /// Empty `name`: the first. Throws base::Error (invalid_input, "unknown_auth_method").
    const AuthMethod& auth_method(std::string_view name) const;
};

/// Every connector this deployment knows. Immutable once loaded.
class ConnectorCatalog {
public:
    /// Reads and checks every *.json of the folder.
    /// Throws base::Error (invalid_input, "connector_invalid") that names the file and what is wrong with it.
    static ConnectorCatalog load(const std::filesystem::path& folder);

    const Connector* find(std::string_view id) const noexcept;
    /// Throws base::Error (invalid_input, "unknown_connector") that names those there are.
    const Connector& require(std::string_view id) const;
    /// Sorted by id.
    const std::vector<Connector>& all() const noexcept { return connectors_; }

private:
    std::vector<Connector> connectors_;
};

}  // namespace vault
