#pragma once

#include <string>

#include "auth/principal.hpp"
#include "base/error.hpp"

namespace auth {

/// The refusal of a principal whose scopes do not allow the operation (RFC 6750 section 3.1).
class InsufficientScope : public base::Error {
public:
    explicit InsufficientScope(Scope needed);
    Scope needed() const noexcept { return needed_; }

private:
    Scope needed_;
};

/// The scopes that a challenge for this failure names, space-separated: what an endpoint is normally used
/// with, what was granted already, so that a client that asks for them loses nothing, and what the operation
/// needs. `principal` is null where nobody is known.
std::string scopes_to_ask_for(const base::Error& error, const Principal* principal);

}  // namespace auth
