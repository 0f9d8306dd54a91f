#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "oauth/consent.hpp"

namespace oauth {

/// What the consent page is made of.
struct ConsentView {
    const AuthorizationRequest& request;
    const std::vector<WorkspaceChoice>& workspaces;
    std::vector<Consent> earlier;
    std::string account;
    std::string form_token;
    std::string complaint;
};

/// The values of the template `consent`.
nlohmann::json values_of(const ConsentView& view);
/// The values of the template `no_workspace`: why there is none to let the client into.
nlohmann::json obstacle_of(const ConsentView& view);

}  // namespace oauth
