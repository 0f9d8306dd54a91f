#pragma once

#include "egress/credential.hpp"
#include "http_client/message.hpp"

namespace egress {

/// Whether the caller left alone what belongs to the credential in the body, and where the credential itself
/// goes there, whether it can be put in.
///
/// Throws base::Error (invalid_input): "invalid_arguments" when the body is neither a JSON object nor a form,
/// or the method takes none, for a credential that goes there, or one that says it is JSON and is not;
/// "parameter_not_allowed" when it names a member of the credential or a reserved parameter.
void check_body(const http_client::Request& request, const ReservedParts& reserved);

/// Adds the members to the body: a form's to a form, else to a JSON object.
/// REQUIRES: check_body let the request pass.
void inject_members(http_client::Request& request,
                    const std::vector<std::pair<std::string, base::Secret>>& members);

}  // namespace egress
