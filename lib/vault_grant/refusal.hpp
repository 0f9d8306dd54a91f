#pragma once

#include "base/error.hpp"
#include "vault_grant/holder.hpp"

namespace vault_grant {

/// Why a service's token cannot be had, with the one action that would help.
base::Error refusal_of(const vault::Service& service, const Token& token);

/// As which access_token would refuse a call now, as far as that is known without asking the provider:
/// nothing where a token is at hand or can be tried for, or the method has no grant.
std::optional<base::Error> known_refusal(const vault::Service& service, const vault::AuthMethod& method,
                                         Token token);

/// That action alone; nothing when all is well.
std::optional<std::string> action_of(const vault::Service& service, const Token& token);

}  // namespace vault_grant
