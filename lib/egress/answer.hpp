#pragma once

#include "egress_client/messages.hpp"
#include "http_client/message.hpp"
#include "redaction/patterns.hpp"

namespace egress {

/// What the caller gets to see of an upstream's answer: useful headers without credential, the body as JSON,
/// text or base64. The body has been through redaction::Stream already. `target` is where the request went.
egress_client::CallResult result_of(http_client::Response response, const http_syntax::Url& target,
                                    const redaction::Patterns& patterns);

}  // namespace egress
