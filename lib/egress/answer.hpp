#pragma once

#include "egress/redaction.hpp"
#include "egress_client/messages.hpp"
#include "http_client/message.hpp"

namespace egress {

/// What the caller gets to see of an upstream's answer: useful headers, a body as JSON, text or base64, and
/// no credential. `target` is where the request went.
egress_client::CallResult result_of(http_client::Response response, const http_syntax::Url& target,
                                    const Redaction& redaction);

}  // namespace egress
