#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

enum class Method { get, head, post, put, patch, delete_, options, other };

/// Methods are case-sensitive (RFC 9110 section 9.1); one without an enumerator is `other`.
Method method_of(std::string_view text) noexcept;
/// The spelling on the wire; "OTHER" for `other`.
std::string_view text_of(Method method) noexcept;

/// A request as nginx passed it on. A field that came twice has been refused before this exists.
struct Request {
    Method method = Method::get;
    std::string path;   ///< decoded and normalized by nginx, such as /v1/demo
    std::string query;  ///< raw, without the question mark
    std::string body;
    std::string remote_address;
    std::vector<std::pair<std::string, std::string>> fields;  ///< names in lower case

    /// The field's value, or empty when it is absent. `name` in lower case.
    std::string_view field(std::string_view name) const noexcept;
    bool has_field(std::string_view name) const noexcept;
};

}  // namespace http
