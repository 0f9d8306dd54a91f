#include "http/challenge.hpp"
#include "auth/authenticator.hpp"

namespace auth {

std::string challenge_of(const base::Error& error, const std::string& resource_metadata,
                         const std::string& scopes) {
    http::Challenge challenge;
    challenge.add("resource_metadata", resource_metadata);
    challenge.add("scope", scopes);
    if (error.code() == "credential_missing") return challenge.text();
    if (error.reason() == base::Reason::unauthenticated) {
        challenge.add("error", "invalid_token");
    } else if (error.reason() == base::Reason::insufficient_scope) {
        challenge.add("error", "insufficient_scope");
    } else {
        return "";
    }
    challenge.add("error_description", error.what());
    return challenge.text();
}

}  // namespace auth
