#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "auth/principal.hpp"
#include "egress_client/credential_errands.hpp"
#include "egress_client/explanation.hpp"
#include "egress_client/messages.hpp"

namespace egress_client {

/// Asks the egress handler, through nginx's internal listener, to do what only it may do: use a secret and
/// the network. It re-checks in PostgreSQL that the caller's credential is live and may do this; of the
/// caller's secret only the digest is sent. Keeps connections open between requests. Safe from any thread.
///
/// Every operation throws base::Error:
///   unauthenticated "credential_invalid"; insufficient_scope "insufficient_scope";
///   not_found "service_not_found"; forbidden "service_disabled", "not_revealable", "origin_not_allowed",
///   "path_not_allowed", "address_blocked", "secret_endpoint_denied", "request_denied", "agent_not_allowed",
///   "secret_in_request";
///   invalid_input "invalid_arguments", "method_not_allowed", "header_not_allowed", "parameter_not_allowed";
///   too_large "request_too_large", "body_too_large", "response_too_large"; upstream_failed
///   "upstream_timeout", "upstream_unreachable", "upstream_tls_failed", "upstream_protocol_error";
///   rate_limited "too_many_calls", "upstream_budget_used_up", "upstream_share_used" (both say when to try
///   again); unavailable "egress_unreachable" (nothing was sent), "egress_unavailable" (egress did not
///   answer; whether a call was made is then unknown), "cancelled".
/// what() says what the caller can do about it.
class Egress {
public:
    using IsCancelled = std::function<bool()>;

    /// `internal_socket`: nginx's internal listener (base::Config::internal_socket). Does not connect.
    explicit Egress(std::filesystem::path internal_socket);
    ~Egress();

    /// Calls an upstream service with its credential. Needs mcp.write. `is_cancelled` is asked several times
    /// a second while waiting; once it says true the call is abandoned.
    CallResult call(const auth::Principal& caller, const CallRequest& request,
                    const IsCancelled& is_cancelled = {});

    /// What call would do with the same request, and why, without doing it. Needs mcp.read.
    Explanation explain(const auth::Principal& caller, const CallRequest& request);

    /// The credential in the clear. Needs vault.reveal and a service marked revealable.
    RevealResult reveal(const auth::Principal& caller, const std::string& service_name);

    /// What is known of a credential; asks the upstream with the connector's verification request unless it
    /// was heard from within the last minute. Needs mcp.read.
    CredentialStatus check(const auth::Principal& caller, const std::string& service_name);

    /// Begins to connect a service to a user's account. Needs admin. Also invalid_input "not_connectable".
    ConnectionStart start_connection(const auth::Principal& caller, const std::string& service_name);

    /// Errands: nobody's credential stands behind them.
    /// For the worker, by public ids: gets a service's next token, or revokes its credential at the provider,
    /// if that is due. What fails is noted in the database and tried again when it is due again.
    void renew(const std::string& workspace, const std::string& service);
    void revoke(const std::string& workspace, const std::string& service);
    /// For the pages that connect a service. Throw base::Error: invalid_input "connection_invalid"; forbidden
    /// "connection_expired", "connection_used", "connection_denied", "connection_failed"; not_found
    /// "service_not_found"; upstream_failed as above.
    ConnectionView look_at(const std::string& ticket);
    Departure depart(const std::string& ticket);
    Arrived arrive(const Arrival& arrival);

private:
    class Connections;
    json post(const char* path, const json& body, std::chrono::milliseconds limit,
              const IsCancelled& is_cancelled);
    json run(const char* operation, json arguments);
    json ask(const auth::Principal& caller, const char* operation, json arguments,
             std::chrono::milliseconds limit, const IsCancelled& is_cancelled);

    std::unique_ptr<Connections> connections_;
};

}  // namespace egress_client
