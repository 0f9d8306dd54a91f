#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "security/deployment.hpp"
#include "vault_grant/store.hpp"

namespace test {

/// Whether it becomes true within 10 s.
template <class Condition>
bool settles(Condition condition) {
    for (int i = 0; i < 200; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    return false;
}

/// A tenant with services whose tokens come from upstream.py.
struct TokenFixture : Tenant {
    db::Database egress_database = deployment.database.as("gatehouse_egress");

    TokenFixture() { forget_calls(); }

    /// `token_query`: how the token endpoint is to behave.
    vault::Service create_service(const std::string& name, const std::string& method,
                                  const std::string& token_query = "",
                                  const std::string& token_url = "https://api.example.com/token");
    /// A connected service whose access token is over and whose refresh token is good once.
    vault::Service create_connected(const std::string& name, const std::string& refresh_token,
                                    const std::string& token_query = "");
    void connect(const vault::Service& service, const char* access,
                 const std::string& refresh = "unused-token",
                 std::chrono::seconds lifetime = std::chrono::seconds{3600});

    /// Changes the row of the service's token.
    void arrange(const vault::Service& service, const std::string& change) const;
    vault_grant::Token token(const vault::Service& service);

    /// What the token endpoint was asked, one object a request.
    std::vector<nlohmann::json> token_calls() const;
    void forget_calls() const;

    static egress_client::CallRequest request(const std::string& service,
                                              const std::string& url = "/protected",
                                              const std::string& method = "GET");
};

struct OneProcess : TokenFixture {
    egress::Upstream upstream{deployment.config, deployment.world.resolver()};

    int status(const egress_client::CallRequest& call) { return upstream.call(caller, call, {}).status; }
    std::string refusal(const std::string& service) {
        return code_of([&] { upstream.call(caller, request(service), {}); });
    }
};

}  // namespace test
