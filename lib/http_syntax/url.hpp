#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace http_syntax {

/// An http or https URL taken apart; every part in the one form in which it is compared and sent.
struct Url {
    std::string scheme;      ///< "https" or "http"
    std::string host;        ///< canonical: see canonical_host
    std::uint16_t port = 0;  ///< never 0
    std::string path;        ///< canonical: see canonical_path
    std::string query;       ///< as given, without the question mark

    /// Scheme, host and port; the port only when it is not the scheme's own.
    std::string origin() const;
    /// What is sent: rebuilt from the parts.
    std::string text() const;
};

/// Takes an absolute URL apart.
///
/// Throws base::Error (invalid_input): "invalid_url" for another scheme or none, user information, a
/// backslash, a fragment, a space, control or non-ASCII character, a percent sign in the host, an address
/// written as anything but four decimal numbers, port 0; "path_not_allowed" as canonical_path.
Url parse_url(std::string_view text);

/// The path as it is matched and sent: percent-encodings in upper case, and none of what may stand in a
/// segment as it is (RFC 3986 pchar), so that one resource has one spelling. Throws base::Error (forbidden,
/// "path_not_allowed") for what servers may understand differently: a segment
/// "." or "..", an empty segment, ';', '\', a slash, NUL or control character hidden in percent-encoding,
/// and an encoding of an encoding. REQUIRES: `path` begins with '/'.
std::string canonical_path(std::string_view path);

/// Lower case, one trailing dot removed. Nothing unless it is a plain ASCII host name or a dotted quad.
std::optional<std::string> canonical_host(std::string_view host);

/// Whether the host is an address rather than a name.
bool is_address(std::string_view host);

/// A decimal number from 1 to 65535.
std::optional<std::uint16_t> parse_port(std::string_view text);

/// Percent-encodes everything but unreserved characters (RFC 3986 section 2.3).
std::string percent_encode(std::string_view text);
/// Decodes once; '+' becomes a space when `is_form`. A '%' that begins no encoding stays.
std::string percent_decode(std::string_view text, bool is_form = false);

}  // namespace http_syntax
