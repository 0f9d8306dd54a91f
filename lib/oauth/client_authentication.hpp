#pragma once

#include <memory>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "db/notified_cache.hpp"
#include "http/request.hpp"
#include "jose/key_set.hpp"
#include "oauth/client.hpp"
#include "oauth/parameters.hpp"

namespace oauth {

/// Finds out which client speaks at an endpoint of the authorization server, and whether it proves it
/// (OAuth 2.1 section 2.4, RFC 7523 section 3). Clients are remembered in the process and forgotten at once
/// when PostgreSQL tells that one changed. Safe from any thread.
class ClientAuthentication {
public:
    /// `audiences`: what `aud` of a client assertion may be: the issuer, the token endpoint.
    ClientAuthentication(db::Database& database, std::vector<std::string> audiences);

    /// The client of a request: a confidential one that has proved itself, or a public one that named itself.
    ///
    /// Throws refusal: "invalid_request" (no client, several methods, something malformed), "invalid_client"
    /// (unknown, disabled, the proof is missing or wrong).
    std::shared_ptr<const Client> require_client(const http::Request& request, const Parameters& parameters);

    /// As require_client; null when the request names no client at all.
    std::shared_ptr<const Client> find_client(const http::Request& request, const Parameters& parameters);

private:
    struct Known {
        Client client;
        jose::KeySet keys;
    };
    struct Presented;

    static Presented presented_in(const http::Request& request, const Parameters& parameters);
    std::shared_ptr<const Known> look_up(const std::string& client_id);
    void check_assertion(const Known& known, const std::string& assertion);

    db::Database& database_;
    std::vector<std::string> audiences_;
    db::NotifiedCache<std::shared_ptr<const Known>> clients_;
};

/// Whether the request tried to authenticate with HTTP Basic: a 401 then carries a challenge for it.
bool used_basic(const http::Request& request) noexcept;

}  // namespace oauth
