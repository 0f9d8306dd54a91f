#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "oauth/client.hpp"

namespace oauth {

/// What a client says of itself (RFC 7591 section 2), as far as Gatehouse takes it.
struct ClientMetadata {
    std::string name;  ///< empty when it did not say
    std::vector<std::string> redirect_uris;
    std::vector<std::string> grant_types;
    AuthMethod auth_method = AuthMethod::client_secret_basic;
    std::string jwks;       ///< JSON text; empty without one
    nlohmann::json echoed;  ///< all that was taken, in the form in which it is given back
};

/// Reads metadata that came from outside. Unknown members, grant types and scopes are ignored, a null or an
/// empty text is an absent member, and what remains is what was taken (RFC 7591 section 3.2.1).
///
/// Throws base::Error with the code invalid_redirect_uri or invalid_client_metadata.
ClientMetadata read_client_metadata(const nlohmann::json& document);

/// As canonical JSON, digested: equal for clients that say the same.
std::string digest_of(const ClientMetadata& metadata);

/// Text that a client gave, fit to be shown: without control characters and without those that change the
/// direction or hide (Unicode bidirectional and zero-width formatting).
std::string displayable(std::string_view text);

}  // namespace oauth
