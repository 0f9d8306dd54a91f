#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "db/session.hpp"
#include "http/form.hpp"
#include "oauth/authorization_response.hpp"
#include "oauth/client.hpp"

namespace oauth {

struct RequestTag {
    static constexpr std::string_view prefix = "areq";
};
using RequestId = base::Id<RequestTag>;

/// What a client asks a person for (RFC 6749 section 4.1.1), checked.
struct AuthorizationRequest {
    RequestId id;
    Client client;
    ReturnAddress address;
    auth::Scopes scopes;
    std::string resource;        ///< canonical: of one of our MCP endpoints
    std::string code_challenge;  ///< S256
    std::vector<std::string> prompts;
    base::Clock::time_point created_at;

    bool has_prompt(std::string_view prompt) const noexcept;
};

/// Where the answers to a client's request go. Throws base::Error (invalid_input, "redirect_uri_mismatch"):
/// then nothing may be redirected.
ReturnAddress return_address_of(const http::Form& parameters, const Client& client);

/// Checks the rest. Throws AuthorizationRefusal.
AuthorizationRequest read_authorization_request(const http::Form& parameters, Client client,
                                                ReturnAddress address, const std::string& public_url);

/// Remembers a request for the browser whose cookie has this digest, for ten minutes.
RequestId store_authorization_request(db::Session& session, const AuthorizationRequest& request,
                                      const std::string& browser_sha256);

/// The request that is still to be decided in this browser. Throws base::Error (invalid_input,
/// "authorization_request_expired").
AuthorizationRequest require_authorization_request(db::Session& session, std::string_view id,
                                                   const std::string& browser_sha256);

/// Marks the request as decided. False when it was before, or has expired: then nothing may be issued.
bool decide_authorization_request(db::Session& session, const RequestId& id,
                                  const std::string& browser_sha256);

}  // namespace oauth
