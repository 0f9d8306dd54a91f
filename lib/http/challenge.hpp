#pragma once

#include <string>
#include <string_view>

namespace http {

/// The value of a WWW-Authenticate field for bearer tokens (RFC 6750 section 3, RFC 9728 section 5.1).
/// Every value is a quoted-string; empty ones are left out.
struct BearerChallenge {
    std::string_view realm;
    std::string_view
        error;  ///< invalid_token, insufficient_scope or invalid_request; none without a credential
    std::string_view error_description;
    std::string_view scope;
    std::string_view resource_metadata;  ///< the URL of the protected resource's metadata

    /// A line break or another control character in a value becomes a space: the field stays one line.
    std::string text() const;
};

/// `value` as an RFC 9110 quoted-string.
std::string quoted_string(std::string_view value);

}  // namespace http
