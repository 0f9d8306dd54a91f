#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/auth_method.hpp"
#include "vault/selector.hpp"

namespace vault {

/// A cheap request that tells whether a credential works. Statuses in no list say nothing about it.
struct Verification {
    std::string method;
    std::string path;
    std::optional<std::string> body;  ///< JSON text
    std::vector<int> valid;
    std::vector<int> invalid;
    std::optional<std::string> valid_member;  ///< a top-level boolean that must also be true, such as "ok"
    std::optional<std::string> error_member;  ///< what names the error when it is false, such as "error"
    std::vector<std::string> invalid_errors;  ///< its values that refute the credential; others say nothing

    static constexpr auto fields = std::tuple{
        schema::field("method", &Verification::method, "The request's method."),
        schema::field("path", &Verification::path,
                      "Its path and query at the first origin; may name settings."),
        schema::field("body", &Verification::body, "Its body, JSON text."),
        schema::field("valid", &Verification::valid, "Statuses that prove the credential.", {1, 8}),
        schema::field("invalid", &Verification::invalid, "Statuses that refute it."),
        schema::field("valid_member", &Verification::valid_member, "A member that must also be true."),
        schema::field("error_member", &Verification::error_member, "A member that names the error."),
        schema::field("invalid_errors", &Verification::invalid_errors, "Errors that refute the credential."),
    };
};

enum class ResetUnit { epoch_s, epoch_ms, epoch_float, delta_s, go_duration, rfc3339, http_date, window_ms };

/// Which requests an upstream counts together.
struct RateBucket {
    std::string name;                   ///< as the upstream names it
    std::vector<std::string> requests;  ///< "METHOD /path/*": see request_pattern.hpp

    static constexpr auto fields = std::tuple{
        schema::field("name", &RateBucket::name, "The upstream's name for it.", {1, 64}),
        schema::field("requests", &RateBucket::requests, "The requests that count in it.", {1, 64}),
    };
};

/// The response headers that tell of one rate limit; names in lower case, empty when there is none.
struct RateRule {
    std::string bucket;
    std::string limit;
    std::string remaining;
    std::string reset;
    ResetUnit unit = ResetUnit::epoch_s;
    std::optional<int> per_call = {};  ///< how much one call takes; 1 unless said, 0 when it cannot be told
    std::optional<std::string> bucket_header = {};        ///< names the bucket, of which there are several
    std::optional<std::vector<RateBucket>> buckets = {};  ///< those known beforehand; the first that matches
    std::optional<bool> per_request = {};  ///< whether each method and path counts on its own in its bucket

    /// Whether it is about several buckets, each for some calls alone.
    bool is_naming() const noexcept { return bucket_header || per_request.value_or(false); }

    static constexpr auto fields = std::tuple{
        schema::field("bucket", &RateRule::bucket, "What is counted."),
        schema::field("limit", &RateRule::limit, "Header of the limit."),
        schema::field("remaining", &RateRule::remaining, "Header of what is left."),
        schema::field("reset", &RateRule::reset, "Header of the reset time."),
        schema::field("unit", &RateRule::unit, "How the reset time is written."),
        schema::field("per_call", &RateRule::per_call, "How much one call takes.", {0, 1000}),
        schema::field("bucket_header", &RateRule::bucket_header, "Header that names one of several buckets."),
        schema::field("buckets", &RateRule::buckets, "Which requests count in which of them.", {1, 64}),
        schema::field("per_request", &RateRule::per_request, "Whether each path counts on its own."),
    };
};

/// A request whose answer holds a secret.
struct SecretEndpoint {
    std::string request;                     ///< "METHOD /path/*": see request_pattern.hpp
    std::optional<std::string> secret;       ///< JSON pointer to the secret; without it never allowed
    std::optional<std::string> auth_method;  ///< how the secret authenticates; the service's own unless said
    std::optional<std::vector<Selector>> when = {};  ///< all of them; such a request is never allowed

    static constexpr auto fields = std::tuple{
        schema::field("request", &SecretEndpoint::request, "METHOD /path/*."),
        schema::field("secret", &SecretEndpoint::secret, "JSON pointer to the secret in the answer."),
        schema::field("auth_method", &SecretEndpoint::auth_method, "How that secret authenticates."),
        schema::field("when", &SecretEndpoint::when,
                      "What else must be so, where the path does not say it all.", {1, 4}),
    };
};

/// One kind of outside service, as data: connectors/<id>.json. Lists that are empty may be left out there.
struct Connector {
    std::string id;
    std::string title;
    std::string description;
    std::string documentation;         ///< URL of the provider's API reference
    std::vector<std::string> origins;  ///< scheme, host, port and optional path prefix; may name settings.
                                       ///< Empty: the operator gives them
    std::vector<Setting> settings;
    std::vector<AuthMethod> auth;  ///< the first is used unless another is named
    std::map<std::string, std::string> fixed_headers;
    std::optional<Verification> verify;
    std::vector<RateRule> rate_limits;
    std::vector<SecretEndpoint> secret_endpoints;
    std::vector<std::string> reserved_headers;     ///< in which it takes credentials besides those of `auth`
    std::vector<std::string> reserved_parameters;  ///< the same in the query

    static constexpr auto fields = std::tuple{
        schema::field("id", &Connector::id, "The file's name without .json."),
        schema::field("title", &Connector::title, "The service's own name."),
        schema::field("description", &Connector::description, "What it is good for."),
        schema::field("documentation", &Connector::documentation, "URL of its API reference."),
        schema::field("origins", &Connector::origins, "Where requests may go."),
        schema::field("settings", &Connector::settings, "What must be known besides the credential."),
        schema::field("auth", &Connector::auth, "Ways to authenticate.", {1, 16}),
        schema::field("fixed_headers", &Connector::fixed_headers, "Headers added to every request."),
        schema::field("verify", &Connector::verify, "A request that tells whether a credential works."),
        schema::field("rate_limits", &Connector::rate_limits, "Headers that tell of rate limits."),
        schema::field("secret_endpoints", &Connector::secret_endpoints,
                      "Requests that would return a secret."),
        schema::field("reserved_headers", &Connector::reserved_headers,
                      "Other headers in which the service takes credentials."),
        schema::field("reserved_parameters", &Connector::reserved_parameters,
                      "Query parameters in which the service takes credentials."),
    };

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

template <>
struct schema::Names<vault::ResetUnit> {
    static constexpr std::array names{
        std::pair{vault::ResetUnit::epoch_s, "epoch_s"},
        std::pair{vault::ResetUnit::epoch_ms, "epoch_ms"},
        std::pair{vault::ResetUnit::epoch_float, "epoch_float"},
        std::pair{vault::ResetUnit::delta_s, "delta_s"},
        std::pair{vault::ResetUnit::go_duration, "go_duration"},
        std::pair{vault::ResetUnit::rfc3339, "rfc3339"},
        std::pair{vault::ResetUnit::http_date, "http_date"},
        std::pair{vault::ResetUnit::window_ms, "window_ms"},
    };
};
