#include "mcp/origin.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace mcp {
namespace {

/// Where the MCP Inspector serves its page.
constexpr const char* inspector_origins[]{"http://localhost:6274", "http://127.0.0.1:6274"};

bool contains(const std::vector<std::string>& known, std::string_view asked) {
    return std::find(known.begin(), known.end(), asked) != known.end();
}

std::string authority_of(const std::string& url) {
    const auto start = url.find("://");
    return start == std::string::npos ? url : url.substr(start + 3);
}

/// Clients may spell the default port out (RFC 9110 section 4.2.2), browsers never do.
void add_with_default_port(std::vector<std::string>& known, const std::string& public_url) {
    known.push_back(authority_of(public_url));
    const bool is_default = public_url.starts_with("https://") &&
                            known.back().find(':', known.back().rfind(']') + 1) == std::string::npos;
    if (is_default) known.push_back(known.back() + ":443");
}

std::string lower(std::string_view text) {
    std::string lowered{text};
    std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lowered;
}

}  // namespace

Origins::Origins(const base::Config& config)
    : hosts_{config.allowed_hosts}, origins_{config.allowed_origins} {
    add_with_default_port(hosts_, config.public_url);
    origins_.push_back(config.public_url);
    origins_.insert(origins_.end(), std::begin(inspector_origins), std::end(inspector_origins));
}

void Origins::check(const http::Request& request) const {
    if (!contains(hosts_, lower(request.field("host")))) {
        throw base::Error{base::Reason::forbidden, "host_not_allowed", "this host is not served here"};
    }
    const auto origin = request.field("origin");
    if (!origin.empty() && !contains(origins_, lower(origin))) {
        throw base::Error{base::Reason::forbidden, "origin_not_allowed", "this origin may not call"};
    }
}

http::Fields Origins::sharing_fields(const http::Request& request) const {
    const auto origin = request.field("origin");
    if (origin.empty()) return {};
    return {
        {"Access-Control-Allow-Origin", std::string{origin}},
        {"Access-Control-Expose-Headers", "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version"},
        {"Vary", "Origin"},
    };
}

http::Response Origins::preflight(const http::Request& request) const {
    http::Response answer{.status = 204, .fields = sharing_fields(request), .body = {}};
    std::string allowed =
        "Authorization, Content-Type, Accept, User-Id, MCP-Protocol-Version, Mcp-Session-Id, Last-Event-ID, "
        "Mcp-Method, Mcp-Name";
    // Mcp-Param-* has no wildcard in CORS: what a page asks for by that name is repeated.
    std::string_view asked = request.field("access-control-request-headers");
    while (!asked.empty()) {
        const auto comma = asked.find(',');
        auto name = lower(asked.substr(0, comma));
        name.erase(std::remove(name.begin(), name.end(), ' '), name.end());
        if (name.starts_with("mcp-param-")) allowed += ", " + name;
        asked = comma == std::string_view::npos ? std::string_view{} : asked.substr(comma + 1);
    }
    answer.fields.emplace_back("Access-Control-Allow-Methods", "POST, GET, DELETE, OPTIONS");
    answer.fields.emplace_back("Access-Control-Allow-Headers", std::move(allowed));
    answer.fields.emplace_back("Access-Control-Max-Age", "7200");
    answer.fields.emplace_back("Allow", "POST, GET, DELETE, OPTIONS");
    return answer;
}

}  // namespace mcp
