#pragma once

#include <filesystem>
#include <string>

#include "egress_client/document.hpp"

namespace egress_client {

/// Asks the egress handler for public documents: no credential is used and none could be. Safe from any
/// thread; a connection for each document, because they are rare.
class Documents {
public:
    explicit Documents(std::filesystem::path internal_socket) : socket_{std::move(internal_socket)} {}

    /// GET on an https URL at a public address: at most 5 KB, 5 seconds, no redirect followed.
    /// Throws base::Error: invalid_input "invalid_url"; forbidden "address_blocked"; too_large
    /// "response_too_large"; upstream_failed "upstream_timeout", "upstream_unreachable",
    /// "upstream_tls_failed", "upstream_protocol_error"; unavailable "egress_unavailable".
    Document fetch(const std::string& url) const;

private:
    std::filesystem::path socket_;
};

}  // namespace egress_client
