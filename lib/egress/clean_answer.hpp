#pragma once

#include <chrono>
#include <functional>

#include "http_client/client.hpp"
#include "redaction/patterns.hpp"

namespace egress {

/// An upstream's answer whose body holds no secret; its headers are as they came.
struct CleanAnswer {
    http_client::Response response;
    int redactions = 0;  ///< places in the body that were replaced
};

/// Sends the request and replaces secrets in the body while it arrives, so that no unredacted body is ever
/// in memory. Throws as http_client::Client::perform, without a secret in what it says.
CleanAnswer perform_clean(http_client::Client& client, const http_client::Request& request,
                          const redaction::Patterns& patterns, std::chrono::milliseconds limit,
                          const std::function<bool()>& is_cancelled);

}  // namespace egress
