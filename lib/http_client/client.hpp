#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "http_client/guard.hpp"
#include "http_client/message.hpp"
#include "http_client/resolver.hpp"

namespace http_client {

/// Speaks HTTP/1.1 over TLS with the outside world and with nothing else.
///
/// A host is resolved once, every address is checked by the guard, and the connection is pinned to those
/// addresses for at most 60 s; the address is checked again when the socket is made and before the request
/// is written. Redirects are not followed; proxies, cookies, netrc, alternative services and every protocol
/// but https are off (plain http only to a loopback address that the operator listed). Certificates are
/// always verified, TLS is 1.2 or newer. Connections are kept for requests of the same pool key, address and
/// origin, and are used by one request at a time. A request whose method is not idempotent is never sent
/// twice. Safe from any thread.
class Client {
public:
    /// `extra_ca`: a bundle trusted besides the system's; empty for none. Removes proxy and key log variables
    /// from the environment: make the client before the process has threads.
    /// Throws base::Error (invalid_input, "configuration_invalid") when the bundle cannot be read.
    Client(AddressGuard guard, const std::filesystem::path& extra_ca,
           Resolver resolver = resolve_with_system);
    ~Client();

    /// Sends the request and waits for the answer, whatever its status.
    ///
    /// Throws base::Error, whose message names the host and nothing else of the request:
    /// invalid_input "header_not_allowed"; forbidden "address_blocked"; too_large "response_too_large"
    /// (header lines, or a compressed body that grows beyond measure); upstream_failed "upstream_timeout",
    /// "upstream_unreachable" (not resolved or not connected), "upstream_tls_failed",
    /// "upstream_protocol_error" (an answer that is not HTTP, or in an encoding that was not asked for);
    /// unavailable "cancelled".
    Response perform(const Request& request, const Limits& limits = {}, const Hooks& hooks = {});

private:
    class Pool;
    struct Trust;
    AddressGuard guard_;
    Resolver resolver_;
    std::unique_ptr<Trust> trust_;
    std::unique_ptr<Pool> pool_;
};

}  // namespace http_client
