#pragma once

#include <optional>

#include "egress/leak_watch.hpp"
#include "egress/outgoing.hpp"
#include "vault/decision.hpp"

namespace egress {

/// A request as it would be sent, without credential, and what is to be said about it.
struct Plan {
    http_client::Request request;
    vault::Decision decision;
    std::optional<LeakWatch::Sighting> leak;  ///< whose secret the caller put into it
};

/// Works out what a call would do. Nothing has been sent or opened for it. A decoy's value in the request
/// blocks the credential. Throws base::Error as require_agent, request_of and
/// trip_decoy do, in this order of the first two: others than the service's agents learn nothing of it.
Plan plan_of(db::Database& database, LeakWatch& leak_watch, const Caller& caller, const OpenedService& opened,
             const vault::Connector& connector, const egress_client::CallRequest& call);

/// Whether the caller is one of those whom the service's policy names. Throws base::Error as
/// vault::require_agent.
void require_agent(const Caller& caller, const OpenedService& opened);

/// The same for seeing how the service is: an administrator, too, may, whose agents it is not for.
void require_audience(db::Database& database, const Caller& caller, const OpenedService& opened);

/// Raises an alert when the plan would be refused for the secret that is in it, whether it is carried out or
/// only explained: nobody tries secrets out unseen.
void report_leak(db::Database& database, const Caller& caller, const OpenedService& opened, const Plan& plan);

/// Lets the plan through or throws base::Error: forbidden or too_large as vault::require; forbidden
/// "secret_in_request", after an alert.
void admit(db::Database& database, const Caller& caller, const OpenedService& opened, const Plan& plan);

}  // namespace egress
