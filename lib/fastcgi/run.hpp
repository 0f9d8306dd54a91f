#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string_view>

#include "base/config.hpp"
#include "base/error.hpp"
#include "http/exchange.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace fastcgi {

/// Built once when the process starts; answer() is called from many threads at once.
/// `static constexpr bool needs_network = true` leaves the process in the host's network;
/// without it there is no interface at all, not even loopback, and only UNIX sockets work.
template <class T>
concept Endpoint = std::constructible_from<T, const base::Config&> &&
    requires(T& endpoint, http::Request& request, http::Exchange& exchange) {
    { endpoint.answer(request, exchange) } -> std::same_as<http::Response>;
};

/// How this endpoint's protocol spells a failure: problem+json, JSON-RPC or OAuth. Must not throw.
/// It also spells what fails before answer() is called: a repeated field (400), a body over 16 MiB (413).
using RenderError = http::Response (*)(const base::Error&);

/// The request is the endpoint's: one that answers for long may give up its body.
using Answer = std::function<http::Response(http::Request&, http::Exchange&)>;

/// What run<T> knows of T.
struct Program {
    std::string_view name;
    bool needs_network;
    RenderError render_error;
    std::function<Answer(const base::Config&)> construct;
};

/// Confines the process, constructs the endpoint and serves until SIGTERM or SIGINT. The result is main's.
int run(const Program& program);

/// Serves T on the listening socket inherited as descriptor 0 (spawn-fcgi) or from systemd (LISTEN_FDS);
/// without either, answers the one CGI request in the environment and returns.
///
/// A thrown base::Error is rendered by `render_error` and its detail logged; any other exception is logged
/// and rendered as `internal`. The process goes on in both cases. On SIGTERM it takes no new connection,
/// finishes every request it was given, ends streams (Exchange::is_over) and returns 0 within 151 s.
template <Endpoint T>
int run(std::string_view name, RenderError render_error) {
    bool needs_network = false;
    if constexpr (requires { T::needs_network; }) needs_network = T::needs_network;
    return run({name, needs_network, render_error, [](const base::Config& config) -> Answer {
                    return [endpoint = std::make_shared<T>(config)](http::Request& request,
                                                                    http::Exchange& exchange) {
                        return endpoint->answer(request, exchange);
                    };
                }});
}

}  // namespace fastcgi
