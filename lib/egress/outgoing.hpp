#pragma once

#include <string>
#include <vector>

#include "egress/credential.hpp"
#include "egress_client/messages.hpp"
#include "http_client/message.hpp"
#include "vault/connector.hpp"

namespace egress {

/// Checks what a caller wrote and makes of it a request without credential. Nothing has been sent, opened or
/// resolved when it refuses.
///
/// Throws base::Error: invalid_input "invalid_arguments", "invalid_url", "method_not_allowed",
/// "header_not_allowed", "parameter_not_allowed"; forbidden "origin_not_allowed", "path_not_allowed";
/// too_large "request_too_large".
http_client::Request request_of(const egress_client::CallRequest& call, const vault::Service& service,
                                const vault::Connector& connector, const ReservedParts& reserved);

/// The parts of request_of.
std::vector<http_client::Field> fields_of(const egress_client::Texts& headers, const ReservedParts& reserved);
std::string query_of(const std::string& query, const std::map<std::string, egress_client::json>& parameters,
                     const ReservedParts& reserved);

}  // namespace egress
