#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/config.hpp"
#include "base/error.hpp"
#include "mcp/hub.hpp"
#include "mcp/modern.hpp"
#include "mcp/origin.hpp"

namespace mcp {

/// Who calls, or a base::Error: unauthenticated, forbidden, not_found (see auth/authenticator.hpp).
using Authenticate = std::function<auth::Principal(const http::Request&)>;

/// An MCP endpoint over Streamable HTTP: origin, credential, era, answer. Safe from any thread.
class Endpoint {
public:
    /// `server` and what it refers to must outlive the endpoint.
    Endpoint(const base::Config& config, const Server& server, tool::Environment environment,
             Authenticate authenticate);
    ~Endpoint();

    /// Every failure of the request is in the answer. Throws only what makes the process's log.
    http::Response answer(http::Request& request, http::Exchange& exchange);

private:
    http::Response answer_shared(http::Request& request, http::Exchange& exchange);
    http::Response answer_known(const Arrival& arrival);
    http::Response answer_post(const Arrival& arrival);
    http::Response challenge(const base::Error& error, const http::Request& request,
                             const auth::Principal* principal, json id) const;

    std::string public_url_;
    Origins origins_;
    std::unique_ptr<const Seals> seals_;
    Service service_;
    Authenticate authenticate_;
    StreamQuota quota_;
    Hub hub_;
};

}  // namespace mcp
