#define BOOST_TEST_MODULE egress_tests
#include "security/egress/fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace test {

BOOST_TEST_GLOBAL_FIXTURE(Deployment);

egress_client::CallRequest Fixture::request(const std::string& url, const std::string& service,
                                            const std::string& method) {
    egress_client::CallRequest call;
    call.service_name = service;
    call.method = method;
    call.url = url;
    return call;
}

std::string Fixture::outcome(const egress::Caller& caller, const egress_client::CallRequest& call) {
    try {
        return std::to_string(upstream.call(caller, call, {}).status);
    } catch (const base::Error& error) {
        BOOST_TEST(std::string{error.what()}.find(secret) == std::string::npos);
        return error.code();
    }
}

std::string Fixture::outcome_soon(const egress::Caller& caller, const egress_client::CallRequest& call) {
    const auto latest = std::chrono::steady_clock::now() + std::chrono::milliseconds{500};
    while (std::chrono::steady_clock::now() < latest) {
        if (const auto seen = outcome(caller, call); seen != "200") return seen;
    }
    return "200";
}

std::string Fixture::header_seen(const egress_client::CallResult& result, const std::string& name) {
    std::string values;
    for (const auto& pair : result.body_json.value()["headers"]) {
        if (pair[0] == name) values += pair[1].get<std::string>() + ";";
    }
    return values;
}

}  // namespace test
