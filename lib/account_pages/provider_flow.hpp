#pragma once

#include <string>
#include <vector>

#include "account/identity.hpp"
#include "base/config.hpp"
#include "db/database.hpp"
#include "egress_client/errands.hpp"
#include "http/form.hpp"

namespace account_pages {

/// Signing in with an OpenID Connect provider: authorization code with PKCE, state, nonce. Egress does the
/// talking; what the provider signed is verified here.
class ProviderFlow {
public:
    ProviderFlow(const base::Config& config, db::Database& database);

    const std::vector<base::Config::SignIn>& offered() const noexcept { return providers_; }

    /// Where to send the browser. Throws base::Error (not_found, "provider_unknown"), and what Errands
    /// throws.
    std::string begin(const std::string& provider, const std::string& browser_sha256,
                      const std::string& come_back);

    struct Arrival {
        account::Identity identity;
        std::string come_back;
    };
    /// What the browser brought back to /login/callback, verified. Throws base::Error: forbidden
    /// "provider_denied" (the person or the provider said no); unauthenticated "provider_login_expired"
    /// (unknown, used or expired state, another browser), "jwt_invalid"; and what Errands throws.
    Arrival finish(const http::Form& query, const std::string& browser_sha256);

private:
    const base::Config::SignIn& find(const std::string& name) const;
    account::Identity verify(const base::Config::SignIn& provider, const std::string& id_token,
                             const std::string& nonce);

    std::string redirect_uri_;
    std::vector<base::Config::SignIn> providers_;
    db::Database& database_;
    egress_client::Errands errands_;
};

}  // namespace account_pages
