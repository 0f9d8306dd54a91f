#include "vault/audience.hpp"

#include <algorithm>

namespace vault {

bool Audience::may_see(const Policy& policy) {
    if (!policy.agents || caller_.scopes.allows(auth::Scope::admin)) return true;
    return std::any_of(policy.agents->begin(), policy.agents->end(), [&](const std::string& id) {
        return std::find(ids().begin(), ids().end(), id) != ids().end();
    });
}

const std::vector<std::string>& Audience::ids() {
    static constexpr db::Statement find{"vault.client_of", "SELECT vault.client_of($1)"};
    if (ids_) return *ids_;
    ids_.emplace({caller_.credential.text()});
    if (caller_.kind == auth::CredentialKind::access_token) {
        const auto result = session_.query(find, caller_.credential);
        if (!result.front().is_null(0)) ids_->push_back(result.front().string(0));
    }
    return *ids_;
}

}  // namespace vault
