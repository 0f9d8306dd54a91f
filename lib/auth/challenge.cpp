#include "http/challenge.hpp"
#include "auth/authenticator.hpp"
#include "auth/insufficient_scope.hpp"

namespace auth {
namespace {

std::string_view bearer_error_of(const base::Error& error) {
    const auto reason = error.reason();
    if (error.code() == "two_credentials") return "invalid_request";
    if (reason == base::Reason::unauthenticated) return "invalid_token";
    if (reason == base::Reason::insufficient_scope) return "insufficient_scope";
    return "";
}

std::string with_needed(const std::string& scopes, const base::Error& error) {
    const auto* refusal = dynamic_cast<const InsufficientScope*>(&error);
    if (refusal == nullptr) return scopes;
    const std::string needed{name_of(refusal->needed())};
    if ((' ' + scopes + ' ').find(' ' + needed + ' ') != std::string::npos) return scopes;
    return scopes + ' ' + needed;
}

}  // namespace

std::string challenge_of(const base::Error& error, const std::string& resource_metadata,
                         const std::string& scopes) {
    const auto asked = with_needed(scopes, error);
    http::BearerChallenge challenge;
    challenge.scope = asked;
    challenge.resource_metadata = resource_metadata;
    if (error.code() == "credential_missing") return challenge.text();  // RFC 6750 section 3.1: no error code
    challenge.error = bearer_error_of(error);
    if (challenge.error.empty()) return "";
    challenge.error_description = error.what();
    return challenge.text();
}

}  // namespace auth
