#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "http_client/message.hpp"
#include "vault/grant.hpp"

namespace vault_grant {

/// What a token endpoint gave (RFC 6749 section 5.1).
struct Grantee {
    base::Secret access;
    base::Secret refresh;  ///< empty: the old one, if any, goes on
    std::optional<base::Clock::time_point> expires_at;
};

/// Why it gave nothing, by what may be done about it.
struct Failure {
    enum class Kind {
        transient,      ///< try again: no answer, 5xx, 429
        lost,           ///< the grant is gone or the refresh token was used up: a user must connect anew
        misconfigured,  ///< the operator must change something; the tokens are kept
    };
    Kind kind = Kind::transient;
    std::string reason;  ///< for people; quotes nothing but an error code (RFC 6749 section 5.2)
    std::optional<base::Clock::time_point> retry_at;  ///< not before this, by the provider's own word
};

using Answer = std::variant<Grantee, Failure>;

/// The error code of an answer (RFC 6749 section 5.2); empty when there is none that is written as one.
std::string error_code_in(const http_client::Response& response);

/// Reads a token endpoint's answer, whatever its status: some say errors with 200.
Answer answer_of(const http_client::Response& response, const vault::Grant& grant,
                 base::Clock::time_point now);

}  // namespace vault_grant
