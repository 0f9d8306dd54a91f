#include "http_client/guard.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "http_syntax/url.hpp"

namespace http_client {
namespace {

std::string entry_of(std::string_view host, std::uint16_t port) {
    return std::string{host} + ':' + std::to_string(port);
}

std::string canonical_entry(const std::string& text) {
    const auto colon = text.rfind(':');
    const auto port =
        colon == std::string::npos ? std::nullopt : http_syntax::parse_port(text.substr(colon + 1));
    auto host = port ? text.substr(0, colon) : "";
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    const auto address = Address::parse(host);
    const auto name = address ? std::optional{address->text()} : http_syntax::canonical_host(host);
    if (!port || !name) {
        throw base::Error{base::Reason::invalid_input, "configuration_invalid",
                          "configuration: egress.allow: \"" + text + "\" is not host:port"};
    }
    return entry_of(*name, *port);
}

}  // namespace

AddressGuard::AddressGuard(const std::vector<std::string>& allow) {
    for (const auto& text : allow) allow_.insert(canonical_entry(text));
}

bool AddressGuard::lists(std::string_view host, std::uint16_t port) const {
    return allow_.contains(entry_of(host, port));
}

bool AddressGuard::allows(std::string_view host, std::uint16_t port, const Address& address) const {
    switch (reach_of(address)) {
        case Reach::world:
            return true;
        case Reach::metadata:
            return false;
        case Reach::loopback:
        case Reach::internal:
            return lists(host, port) || lists(address.text(), port);
    }
    return false;
}

bool is_metadata_name(std::string_view host) noexcept {
    static constexpr std::array names{
        std::string_view{"metadata"},
        std::string_view{"metadata.google.internal"},
        std::string_view{"metadata.goog"},
        std::string_view{"instance-data"},
        std::string_view{"instance-data.ec2.internal"},
    };
    return std::find(names.begin(), names.end(), host) != names.end();
}

}  // namespace http_client
