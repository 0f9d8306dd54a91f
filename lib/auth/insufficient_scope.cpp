#include "auth/insufficient_scope.hpp"

#include "auth/authenticator.hpp"

namespace auth {
namespace {

void add(std::string& scopes, std::string_view name) {
    if ((' ' + scopes + ' ').find(' ' + std::string{name} + ' ') == std::string::npos)
        (scopes += ' ') += name;
}

}  // namespace

InsufficientScope::InsufficientScope(Scope needed)
    : base::Error{base::Reason::insufficient_scope, "insufficient_scope",
                  "this needs the scope " + std::string{name_of(needed)}},
      needed_{needed} {}

std::string scopes_to_ask_for(const base::Error& error, const Principal* principal) {
    std::string scopes{default_challenge_scopes};
    if (principal != nullptr) {
        for (const auto& granted : principal->scopes.names()) add(scopes, granted);
    }
    if (const auto* refusal = dynamic_cast<const InsufficientScope*>(&error))
        add(scopes, name_of(refusal->needed()));
    return scopes;
}

}  // namespace auth
