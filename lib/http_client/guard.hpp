#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "http_client/address.hpp"

namespace http_client {

/// Decides which addresses may be connected to: the world, and what the operator listed. Metadata services
/// never, not even listed.
class AddressGuard {
public:
    /// `allow`: host:port or address:port ([address]:port for IPv6), as base::Config::egress.allow.
    /// Throws base::Error (invalid_input, "configuration_invalid") for anything else.
    explicit AddressGuard(const std::vector<std::string>& allow = {});

    /// Whether a connection for `host` (canonical) may go to this address and port.
    bool allows(std::string_view host, std::uint16_t port, const Address& address) const;
    /// Whether this very host and port were listed by the operator.
    bool lists(std::string_view host, std::uint16_t port) const;

private:
    std::set<std::string, std::less<>> allow_;
};

/// Whether the name is one that clouds give their metadata service, whatever it resolves to.
bool is_metadata_name(std::string_view host) noexcept;

}  // namespace http_client
