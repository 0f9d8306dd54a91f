#include "vault/policy.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "schema/schema.hpp"
#include "vault/request_pattern.hpp"

namespace vault {
namespace {

[[noreturn]] void refuse(const std::string& why) {
    throw base::Error{base::Reason::invalid_input, "invalid_policy", why};
}

void check_patterns(const std::optional<std::vector<std::string>>& patterns) {
    if (!patterns) return;
    for (const auto& pattern : *patterns) check_request_pattern(pattern);
}

void check_pointer(const std::string& pointer) {
    if (!pointer.starts_with('/') || pointer.size() > 512)
        refuse("response: \"" + pointer + "\": a JSON pointer begins with a slash");
    for (std::size_t at = 0; (at = pointer.find('~', at)) != std::string::npos; ++at) {
        if (at + 1 == pointer.size() || (pointer[at + 1] != '0' && pointer[at + 1] != '1'))
            refuse("response: \"" + pointer + "\": ~ is written ~0 and / in a name ~1");
    }
}

}  // namespace

Policy policy_of(std::string_view json) {
    try {
        return schema::decode<Policy>(schema::parse(json));
    } catch (const base::Error& error) {
        throw base::Error{base::Reason::internal, "policy_unreadable",
                          "the service's policy cannot be read; an administrator must set it anew",
                          error.what()};
    }
}

std::string json_of(const Policy& policy) { return schema::dump(schema::encode(policy)); }

void check_policy(const Policy& policy, const Connector& connector) {
    check_patterns(policy.allow);
    check_patterns(policy.deny);
    check_patterns(policy.approve);
    for (const auto& pointer : policy.response.value_or(std::vector<std::string>{})) check_pointer(pointer);
    for (const auto& agent : policy.agents.value_or(std::vector<std::string>{})) {
        if (agent.empty() || agent.size() > 2048) refuse("agents: an id of an API key, client or grant");
    }
    if (!policy.secret_endpoints.value_or(false)) return;
    const auto keeps_one = [](const SecretEndpoint& endpoint) { return endpoint.secret.has_value(); };
    if (std::none_of(connector.secret_endpoints.begin(), connector.secret_endpoints.end(), keeps_one))
        refuse("secret_endpoints: connector " + connector.id + " knows of no secret that could be kept");
}

}  // namespace vault
