#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "schema/field.hpp"

namespace egress_client {

using json = nlohmann::json;
using Texts = std::map<std::string, std::string>;

/// A request to be sent with a service's credential, as a caller may write it.
struct CallRequest {
    std::string service_name;
    std::string method;
    std::string url;
    std::optional<Texts> headers;
    std::optional<std::map<std::string, json>> params;
    std::optional<json> body_json;
    std::optional<std::string> data;
    std::optional<int> timeout_ms;

    static constexpr auto fields = std::tuple{
        schema::field("service_name", &CallRequest::service_name, "The service's name, from list_services.",
                      {1, 64}),
        schema::field("method", &CallRequest::method, "GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.",
                      {1, 16}),
        schema::field("url", &CallRequest::url,
                      "A path such as /user, or an absolute URL at one of the service's origins.", {1, 8192}),
        schema::field("headers", &CallRequest::headers,
                      "Further request headers. The credential is added by Gatehouse."),
        schema::field("params", &CallRequest::params,
                      "Query parameters: text, number, true or false, or a list of these."),
        schema::field("json", &CallRequest::body_json, "The request body, sent as JSON."),
        schema::field("data", &CallRequest::data,
                      "The request body as text, instead of json; name its Content-Type in headers.",
                      {0, 16 * 1024 * 1024}),
        schema::field("timeout_ms", &CallRequest::timeout_ms, "How long the upstream may take.",
                      {100, 120000}),
    };
};

struct RateLimit {
    std::string bucket;
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> remaining;
    std::optional<std::string> reset_at;

    static constexpr auto fields = std::tuple{
        schema::field("bucket", &RateLimit::bucket, "What is counted, such as requests or tokens."),
        schema::field("limit", &RateLimit::limit, "How many the upstream allows."),
        schema::field("remaining", &RateLimit::remaining, "How many are left."),
        schema::field("reset_at", &RateLimit::reset_at, "When the count starts anew (RFC 3339)."),
    };
};

/// A secret that the upstream made and that was sealed instead of shown.
struct KeptSecret {
    std::string pointer;
    std::string service_name;

    static constexpr auto fields = std::tuple{
        schema::field("pointer", &KeptSecret::pointer, "Where it stood in the answer (JSON pointer)."),
        schema::field("service_name", &KeptSecret::service_name, "The service that now holds it."),
    };
};

/// The upstream's answer, whatever its status. A secret in it has been replaced.
struct CallResult {
    int status = 0;
    Texts headers;
    std::optional<json> body_json;
    std::optional<std::string> body;
    std::optional<std::string> body_base64;
    bool truncated = false;
    int redactions = 0;
    std::vector<RateLimit> rate_limits;
    std::optional<std::string> retry_at;
    std::optional<KeptSecret> kept_secret;
    std::optional<std::string> withheld;
    std::optional<bool> needs_approval;

    static constexpr auto fields = std::tuple{
        schema::field("status", &CallResult::status, "HTTP status of the upstream's answer."),
        schema::field("headers", &CallResult::headers, "The answer's useful headers, names in lower case."),
        schema::field("json", &CallResult::body_json, "The body, when it is JSON."),
        schema::field("body", &CallResult::body, "The body, when it is other text."),
        schema::field("body_base64", &CallResult::body_base64, "The body, when it is not text."),
        schema::field("truncated", &CallResult::truncated,
                      "Whether the body was longer than may be returned."),
        schema::field("redactions", &CallResult::redactions,
                      "How many times the credential stood in the answer and was replaced."),
        schema::field("rate_limits", &CallResult::rate_limits, "What the upstream says of its rate limits."),
        schema::field("retry_at", &CallResult::retry_at,
                      "When to try again, if the upstream says so (RFC 3339)."),
        schema::field("kept_secret", &CallResult::kept_secret,
                      "A secret in the answer that was sealed; a service holds it."),
        schema::field("withheld", &CallResult::withheld, "Why the body is not shown."),
        schema::field("needs_approval", &CallResult::needs_approval,
                      "Whether the service's policy asks for a person's approval of such calls."),
    };
};

/// A service's credential in the clear.
struct RevealResult {
    std::string service_name;
    Texts secrets;

    static constexpr auto fields = std::tuple{
        schema::field("service_name", &RevealResult::service_name, "The service's name."),
        schema::field("secrets", &RevealResult::secrets, "The credential's values by field name."),
    };
};

/// What is known of a credential.
struct CredentialStatus {
    std::string service_name;
    std::string state;
    std::optional<std::string> since;
    std::optional<std::string> reason;
    std::string valid;
    std::string source;
    std::optional<int> status;
    std::optional<std::string> checked_at;
    std::optional<std::string> expires_at;
    bool refreshable = false;
    std::optional<std::string> next_refresh_at;
    std::vector<RateLimit> rate_limits;
    std::optional<std::string> retry_at;
    std::optional<std::string> action;

    static constexpr auto fields = std::tuple{
        schema::field("service_name", &CredentialStatus::service_name, "The service's name."),
        schema::field("state", &CredentialStatus::state,
                      "active, refreshing, degraded (not renewed, still valid), expired, needs_reconnect, "
                      "misconfigured, revoked or disabled."),
        schema::field("since", &CredentialStatus::since, "Since when it is in this state (RFC 3339)."),
        schema::field("reason", &CredentialStatus::reason, "Why."),
        schema::field("valid", &CredentialStatus::valid,
                      "true, false or unknown: whether the upstream accepts it."),
        schema::field("source", &CredentialStatus::source,
                      "passive (from the last call), probe (asked now) or none."),
        schema::field("status", &CredentialStatus::status, "HTTP status this rests on."),
        schema::field("checked_at", &CredentialStatus::checked_at, "When that was (RFC 3339)."),
        schema::field("expires_at", &CredentialStatus::expires_at,
                      "When its access token is over (RFC 3339); absent when it lasts or nobody says."),
        schema::field("refreshable", &CredentialStatus::refreshable,
                      "Whether Gatehouse gets the next token by itself."),
        schema::field("next_refresh_at", &CredentialStatus::next_refresh_at,
                      "When it will do so at the latest (RFC 3339)."),
        schema::field("rate_limits", &CredentialStatus::rate_limits,
                      "What the upstream said of its rate limits."),
        schema::field("retry_at", &CredentialStatus::retry_at, "When to try again, if the upstream said so."),
        schema::field("action", &CredentialStatus::action, "The one thing that would help, if any."),
    };
};

}  // namespace egress_client
