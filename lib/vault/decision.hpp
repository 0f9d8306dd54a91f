#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vault/policy.hpp"

namespace vault {

/// What a decision about a request rests on.
struct RequestFacts {
    std::string method;
    std::string path;  ///< canonical: the one that is sent
    std::int64_t body_bytes = 0;
    std::vector<std::string> agent;  ///< every public id of the caller: key or grant, and client
    RequestContent content = {};
};

struct Check {
    std::string rule;
    bool passed = true;
    std::string detail;

    static constexpr auto fields = std::tuple{
        schema::field("rule", &Check::rule, "What was looked at."),
        schema::field("passed", &Check::passed, "Whether the request may go on as far as this is concerned."),
        schema::field("detail", &Check::detail, "Why."),
    };
};

struct Decision {
    std::vector<Check> checks;  ///< every rule, in the order in which they decide
    std::string code;           ///< of the first that failed; empty: the request may be sent
    std::string reason;
    bool needs_approval = false;
    std::optional<SecretEndpoint> makes_secret;  ///< the answer holds a secret that must be kept

    bool is_allowed() const noexcept { return code.empty(); }
};

/// Whether the request may be sent: the one place where this is decided, for a call and for explaining one.
/// Codes: "agent_not_allowed", "secret_endpoint_denied", "request_denied", "body_too_large".
Decision decide(const Policy& policy, const Connector& connector, const RequestFacts& facts);

/// Throws base::Error (forbidden, "agent_not_allowed") when the policy names agents and none of these ids.
/// What is told before is told to everybody.
void require_agent(const Policy& policy, const std::vector<std::string>& agent);

/// Throws base::Error (forbidden, or too_large for "body_too_large") unless it is allowed.
void require(const Decision& decision);

}  // namespace vault
