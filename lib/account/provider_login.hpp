#pragma once

#include <optional>
#include <string>

#include "db/session.hpp"

namespace account {

/// Someone sent to a sign-in provider and not yet back: what their return is checked against.
struct ProviderLogin {
    std::string provider;
    std::string browser_sha256;  ///< raw
    std::string nonce;
    std::string code_verifier;  ///< RFC 7636
    std::string come_back;      ///< own path to go to afterwards
};

/// Returns the `state` that leads back to it, for ten minutes.
std::string begin_provider_login(db::Session& session, const ProviderLogin& login);
/// Takes it: a state is good once, and in the browser that it was begun in.
std::optional<ProviderLogin> take_provider_login(db::Session& session, const std::string& state,
                                                 const std::string& browser_sha256);

}  // namespace account
