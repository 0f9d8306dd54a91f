#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oauth {

/// What a redirect URI is good for in front of the person who consents.
enum class RedirectKind {
    https,          ///< a web server, whose host the certificate proves
    loopback,       ///< a program on the person's own machine; which one cannot be known
    private_scheme  ///< a program that registered the scheme; which one cannot be known
};

/// A redirect URI taken apart, nothing changed in any part.
struct RedirectUri {
    RedirectKind kind;
    std::string_view host;    ///< 127.0.0.1, [::1], localhost, claude.ai, anysphere.cursor-mcp, ...
    std::string_view target;  ///< path and query
};

/// Reads a redirect URI that may be registered (OAuth 2.1 section 2.3, MCP): https, http to a loopback host,
/// or one of a short list of private schemes; at most 2048 characters of RFC 3986, no fragment, no user
/// information. Nothing for every other text. The parts point into `uri`.
std::optional<RedirectUri> parse_redirect_uri(std::string_view uri) noexcept;

/// Whether `requested` is the registered URI: the same text (RFC 9700 section 2.1) or, where both are
/// loopback with the same host, path and query, the same but for the port (RFC 8252 section 7.3).
bool matches_redirect_uri(std::string_view registered, std::string_view requested) noexcept;

/// The URI to answer at: `requested` when it matches a registered one, port and all; the only registered one
/// when nothing was requested (OAuth 2.1 section 2.3.2). Nothing when there is no URI that may be trusted.
std::optional<std::string> choose_redirect_uri(const std::vector<std::string>& registered,
                                               const std::optional<std::string>& requested);

}  // namespace oauth
