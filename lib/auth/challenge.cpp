#include "http/challenge.hpp"
#include "auth/authenticator.hpp"

namespace auth {
namespace {

std::string_view bearer_error_of(base::Reason reason) {
    if (reason == base::Reason::unauthenticated) return "invalid_token";
    if (reason == base::Reason::insufficient_scope) return "insufficient_scope";
    return "";
}

}  // namespace

std::string challenge_of(const base::Error& error, const std::string& resource_metadata,
                         const std::string& scopes) {
    http::BearerChallenge challenge;
    challenge.scope = scopes;
    challenge.resource_metadata = resource_metadata;
    if (error.code() == "credential_missing") return challenge.text();  // RFC 6750 section 3.1: no error code
    challenge.error = bearer_error_of(error.reason());
    if (challenge.error.empty()) return "";
    challenge.error_description = error.what();
    return challenge.text();
}

}  // namespace auth
