#pragma once

#include <string>
#include <variant>

#include "auth/principal.hpp"
#include "http/request.hpp"
#include "mcp/client.hpp"
#include "mcp/request_peer.hpp"
#include "mcp/server.hpp"

namespace mcp {

struct Seals;

/// What an endpoint has for every request.
struct Service {
    const Server& server;
    const Seals& seals;
    tool::Environment environment;
    std::string metadata;  ///< the member _meta that every result of the stateless revision has, written
};

/// One request on its way through a method: who asks, with what client, and what the method may use.
struct Context {
    Context(const Service& of, const auth::Principal& caller, const http::Request& from, const Client& by,
            Outgoing& outgoing, json progress_token)
        : service{of},
          principal{caller},
          request{from},
          client{by},
          peer{by, outgoing, std::move(progress_token)},
          call{caller, of.environment, peer} {}

    const Service& service;
    const auth::Principal& principal;
    const http::Request& request;
    const Client& client;
    RequestPeer peer;
    tool::Call call;
};

/// The members of a result as JSON text, without the braces. It has no _meta.
struct WrittenMembers {
    std::string text;
};

/// What a method answers: the result without the members that are the same for all results, or what it needs
/// from the client first.
using Reply = std::variant<json, WrittenMembers, tool::InputRequired>;

}  // namespace mcp
