#pragma once

#include "egress/credential.hpp"
#include "http_client/message.hpp"

namespace egress {

/// Whether a credential can be put into this request's body and the caller left its place alone.
///
/// Throws base::Error (invalid_input): "invalid_arguments" when the body is neither a JSON object nor a form,
/// or the method takes none; "parameter_not_allowed" when it names a member of the credential.
void check_body(const http_client::Request& request, const ReservedParts& reserved);

/// Adds the members to the body: a form's to a form, else to a JSON object.
/// REQUIRES: check_body let the request pass.
void inject_members(http_client::Request& request,
                    const std::vector<std::pair<std::string, base::Secret>>& members);

}  // namespace egress
