#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "http_client/address.hpp"

namespace http_client {

/// Turns a host name into all its addresses, best first; empty when there are none.
using Resolver = std::function<std::vector<Address>(const std::string& host)>;

/// The system's resolver (getaddrinfo(3)). An answer that is no plain internet address makes it empty.
std::vector<Address> resolve_with_system(const std::string& host);

/// Asks the resolver on a thread of its own, which is left to itself when it takes too long: getaddrinfo(3)
/// knows no time limit.
/// Throws base::Error: upstream_failed "upstream_timeout" at the deadline, "upstream_unreachable" when too
/// many lookups hang already; unavailable "cancelled"; and whatever the resolver throws.
std::vector<Address> resolve_before(std::chrono::steady_clock::time_point deadline, const Resolver& resolver,
                                    const std::string& host, const std::function<bool()>& is_cancelled);

}  // namespace http_client
