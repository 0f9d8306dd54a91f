#pragma once

#include <string>

#include "security/deployment.hpp"

namespace test {

struct Fixture {
    Deployment& deployment = *Deployment::the;
    World& world = deployment.world;
    egress::Upstream upstream{deployment.config, world.resolver()};
    Tenant tenant;

    Fixture() { tenant.create_service("api"); }

    static egress_client::CallRequest request(const std::string& url, const std::string& service = "api",
                                              const std::string& method = "GET");
    egress_client::CallResult call(const egress_client::CallRequest& call) {
        return upstream.call(tenant.caller, call, {});
    }

    /// The upstream's status, or the code of the refusal, which does not hold the secret.
    std::string outcome(const egress::Caller& caller, const egress_client::CallRequest& call);
    std::string outcome(const egress_client::CallRequest& call) { return outcome(tenant.caller, call); }
    std::string outcome(const std::string& url) { return outcome(request(url)); }
    /// Of a call by somebody whose credential was taken back a moment ago: what is remembered of it is
    /// forgotten when PostgreSQL's word of it arrives.
    std::string outcome_soon(const egress::Caller& caller, const egress_client::CallRequest& call);

    /// The values of a request header as the upstream's /echo saw it, each with a semicolon behind it.
    static std::string header_seen(const egress_client::CallResult& result, const std::string& name);
};

}  // namespace test
