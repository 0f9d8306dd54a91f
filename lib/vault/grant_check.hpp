#pragma once

#include <map>
#include <set>
#include <string>

#include "vault/auth_method.hpp"

namespace vault {

/// Settings by name, filled with examples.
using Examples = std::map<std::string, std::string>;

/// Throws base::Error (invalid_input, "connector_invalid") when the method's grant, signature or revocation
/// could not be carried out. The result: which of its secrets they use.
std::set<std::string> check_grant_parts(const AuthMethod& method, const Examples& settings,
                                        const std::set<std::string>& secrets);

/// The secrets of an AWS key (SigV4): the last is there for temporary keys alone.
inline constexpr const char* aws_access_key_id = "access_key_id";
inline constexpr const char* aws_secret_access_key = "secret_access_key";
inline constexpr const char* aws_session_token = "session_token";

}  // namespace vault
