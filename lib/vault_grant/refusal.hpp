#pragma once

#include "base/error.hpp"
#include "vault_grant/holder.hpp"

namespace vault_grant {

/// Why a service's token cannot be had, with the one action that would help.
base::Error refusal_of(const vault::Service& service, const Token& token);

/// That action alone; nothing when all is well.
std::optional<std::string> action_of(const vault::Service& service, const Token& token);

}  // namespace vault_grant
