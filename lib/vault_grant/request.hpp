#pragma once

#include <string>

#include "http_client/message.hpp"
#include "vault_grant/holder.hpp"

namespace vault_grant {

/// The requests of a grant, from the connector's data alone. None of them carries anything a caller of a
/// tool wrote, and each goes where the data or the operator's setting says.

/// For the next access token: refresh_token where there is one (RFC 6749 section 6), else as the grant's
/// type says. Throws base::Error (invalid_input, "private_key_unusable") when an assertion cannot be signed.
http_client::Request token_request(const Holder& holder, const vault::Secrets& secrets,
                                   const base::Secret& refresh_token, base::Clock::time_point now);

/// What an authorization request carries of us and brings back.
struct Authorization {
    std::string redirect_uri;
    std::string state;
    base::Secret verifier;  ///< PKCE (RFC 7636)
};

/// Where the user's browser goes to (RFC 6749 section 4.1.1). REQUIRES: an authorization_code grant.
std::string authorization_url(const Holder& holder, const Authorization& authorization);

/// For the first tokens (RFC 6749 section 4.1.3).
http_client::Request exchange_request(const Holder& holder, const vault::Secrets& secrets,
                                      const Authorization& authorization, const base::Secret& code);

/// For the end of a credential; `access` and `refresh` are empty where there are none.
/// REQUIRES: the method has a revocation.
http_client::Request revocation_request(const Holder& holder, const vault::Secrets& secrets,
                                        const base::Secret& access, const base::Secret& refresh);

}  // namespace vault_grant
