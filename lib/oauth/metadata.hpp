#pragma once

#include <string>
#include <string_view>

#include "base/config.hpp"

namespace oauth {

/// The issuer identifier: the public origin, without a slash at its end, wherever it is spelled.
inline const std::string& issuer_of(const std::string& public_url) { return public_url; }

/// Authorization server metadata (RFC 8414 section 2) that is fit to be read as OpenID provider metadata too,
/// because clients ask for either.
std::string authorization_server_metadata(const base::Config& config);

/// Whether the path is one under which clients look for that document, for the issuer or for an MCP endpoint:
/// RFC 8414 section 3.1 and OpenID Connect Discovery section 4, with the path before or after the name.
bool is_authorization_server_metadata_path(std::string_view path);

}  // namespace oauth
