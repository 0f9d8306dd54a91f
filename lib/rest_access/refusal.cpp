#include "rest_access/refusal.hpp"

#include "auth/authenticator.hpp"
#include "auth/insufficient_scope.hpp"

namespace rest_access {

void complete(http::Response& response, const base::Error& error, const std::string& resource_metadata,
              const auth::Principal* principal) {
    const auto challenge =
        auth::challenge_of(error, resource_metadata, auth::scopes_to_ask_for(error, principal));
    if (!challenge.empty()) response.fields.emplace_back("WWW-Authenticate", challenge);
    const auto* throttled = dynamic_cast<const Throttled*>(&error);
    if (throttled == nullptr) return;
    std::erase_if(response.fields, [](const auto& field) { return field.first == "Retry-After"; });
    response.fields.emplace_back("Retry-After", std::to_string(throttled->retry_after().count()));
}

}  // namespace rest_access
