#pragma once

#include <optional>

#include "egress_client/messages.hpp"
#include "http_client/message.hpp"
#include "vault/service.hpp"

namespace egress {

/// Whether an ordinary answer shows that the upstream accepted (2xx) or refused (401) the credential; nothing
/// when it does not say: 403, 429, 5xx and the rest never mean invalid.
std::optional<bool> heard_in_passing(const egress_client::CallResult& result,
                                     const vault::Connector& connector);

/// The same of the answer to the connector's verification request.
std::optional<bool> heard_from_probe(const egress_client::CallResult& result,
                                     const vault::Verification& verify);

/// Whether there is no need to ask again: heard from, or asked, within the last minute.
bool is_recent(const std::optional<vault::LastCall>& last, base::Clock::time_point now);

/// The connector's verification request, without credential. REQUIRES: the connector has one.
http_client::Request probe_of(const vault::Service& service, const vault::Connector& connector);

/// A probe's outcome as if it had been recorded.
vault::LastCall probed(const egress_client::CallResult& result, std::optional<bool> valid);

/// What there is to say, and the one action that would help.
egress_client::CredentialStatus status_of(const vault::Service& service,
                                          const std::optional<vault::LastCall>& last);

}  // namespace egress
