#pragma once

#include <functional>
#include <string>
#include <vector>

#include "http_client/address.hpp"

namespace http_client {

/// Turns a host name into all its addresses, best first; empty when there are none.
using Resolver = std::function<std::vector<Address>(const std::string& host)>;

/// The system's resolver (getaddrinfo(3)). An answer that is no plain internet address makes it empty.
std::vector<Address> resolve_with_system(const std::string& host);

}  // namespace http_client
