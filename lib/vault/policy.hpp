#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "schema/field.hpp"
#include "vault/connector.hpp"

namespace vault {

/// What may be done with one service. Whatever is absent is not restricted.
struct Policy {
    std::optional<std::vector<std::string>> allow;    ///< request patterns; nothing else is sent
    std::optional<std::vector<std::string>> deny;     ///< request patterns; wins over allow
    std::optional<std::vector<std::string>> approve;  ///< request patterns that a person must approve
    std::optional<std::int64_t> body_bytes;
    std::optional<std::vector<std::string>> agents;    ///< public ids of API keys, clients or grants
    std::optional<std::vector<std::string>> response;  ///< JSON pointers (RFC 6901); "*" for any member
    std::optional<bool> secret_endpoints;  ///< whether requests that make a secret are sent, and it is kept

    static constexpr auto fields = std::tuple{
        schema::field("allow", &Policy::allow,
                      "Requests that may be sent, such as \"GET /repos/acme/**\"; no others are.", {1, 64}),
        schema::field("deny", &Policy::deny, "Requests that may not be sent, even if allowed.", {1, 64}),
        schema::field("approve", &Policy::approve, "Requests that a person must approve.", {1, 64}),
        schema::field("body_bytes", &Policy::body_bytes, "How long a request's body may be.",
                      {0, 16 * 1024 * 1024}),
        schema::field("agents", &Policy::agents, "Ids of the API keys, clients or grants that may use it.",
                      {1, 64}),
        schema::field("response", &Policy::response,
                      "JSON pointers of what comes back, such as /items/*/id; nothing else does.", {1, 64}),
        schema::field("secret_endpoints", &Policy::secret_endpoints,
                      "Whether requests that make a secret are sent; it is sealed and a handle comes back."),
    };
};

/// As the database holds it. Throws base::Error (internal, "policy_unreadable"): no call goes on without.
Policy policy_of(std::string_view json);
std::string json_of(const Policy& policy);

/// Throws base::Error (invalid_input, "invalid_policy") that says what could never hold.
void check_policy(const Policy& policy, const Connector& connector);

}  // namespace vault
