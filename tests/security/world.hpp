#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http_client/resolver.hpp"

namespace test {

/// A network of this test program's own: a namespace whose loopback interface has public, private and
/// metadata addresses, and on all of them upstream.py's servers. So a request that the guard lets through
/// does arrive, and one that it stops can be shown not to.
///
/// Make it before the program has threads. Throws when there may be no namespaces.
class World {
public:
    static constexpr const char* public_v4 = "93.184.216.34";
    static constexpr const char* public_v6 = "2606:2800:220:1::34";
    static const std::vector<std::string>& forbidden_v4();
    static const std::vector<std::string>& forbidden_v6();

    World();
    ~World();

    /// Trusts the good server (ports 443, 8443); 4433 has a stranger's certificate, 4434 another name's, 4435
    /// speaks TLS 1.1 alone, 4436 may be made to vanish, 80 no TLS.
    std::filesystem::path ca() const { return folder_ / "ca.pem"; }
    const std::filesystem::path& folder() const noexcept { return folder_; }

    /// Connections that were accepted on this local address so far.
    int accepted(const std::string& address) const;
    int accepted() const;

    /// Names and their addresses; api.example.com is at public_v4.
    std::map<std::string, std::vector<std::string>> names;
    /// How often each name was asked for.
    std::map<std::string, int> lookups;
    http_client::Resolver resolver();

private:
    std::filesystem::path folder_;
    int pid_ = -1;
    int input_ = -1;
};

}  // namespace test
