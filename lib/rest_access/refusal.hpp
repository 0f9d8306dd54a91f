#pragma once

#include <chrono>
#include <string>

#include "auth/principal.hpp"
#include "base/error.hpp"
#include "http/response.hpp"

namespace rest_access {

/// A password that may not be tried for now: rate_limited "too_many_attempts".
class Throttled : public base::Error {
public:
    Throttled(const std::string& message, std::chrono::seconds retry_after)
        : Error{base::Reason::rate_limited, "too_many_attempts", message}, retry_after_{retry_after} {}
    std::chrono::seconds retry_after() const noexcept { return retry_after_; }

private:
    std::chrono::seconds retry_after_;
};

/// Adds to a refusal how the caller may go on: a Bearer challenge, or when to come back. There is no Basic
/// challenge, which would make a browser ask for a password and then send it along for any page.
/// `principal`: null where nobody is known.
void complete(http::Response& response, const base::Error& error, const std::string& resource_metadata,
              const auth::Principal* principal);

}  // namespace rest_access
