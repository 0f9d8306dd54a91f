#include <boost/test/unit_test.hpp>

#include <thread>

#include "egress/recorder.hpp"
#include "security/egress/fixture.hpp"

BOOST_FIXTURE_TEST_SUITE(status, test::Fixture)

BOOST_AUTO_TEST_CASE(is_heard_in_passing_from_calls) {
    const auto settles_at = [&](const std::string& wanted) {
        for (int i = 0; i < 100; ++i) {
            if (upstream.check(tenant.caller, "api").valid == wanted) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
        }
        return false;
    };
    BOOST_TEST(upstream.check(tenant.caller, "api").valid == "unknown");
    call(request(
        "/status?code=200&X-RateLimit-Limit=60&X-RateLimit-Remaining=59&X-RateLimit-Reset=4000000000"));
    BOOST_TEST(settles_at("true"));
    const auto status = upstream.check(tenant.caller, "api");
    BOOST_TEST(status.source == "passive");
    BOOST_TEST(status.rate_limits.size() == 1U);
    BOOST_TEST(status.rate_limits.front().remaining.value() == 59);
    BOOST_TEST(status.rate_limits.front().reset_at.value() == "2096-10-02T07:06:40.000Z");
    for (const auto* code : {"403", "500"}) {
        call(request(std::string{"/status?code="} + code));
        BOOST_TEST(settles_at("unknown"), code);
    }
    call(request("/status?code=429&Retry-After=30"));
    call(request("/status?code=401"));
    BOOST_TEST(settles_at("false"));
    BOOST_TEST(upstream.check(tenant.caller, "api").action.has_value());
}

BOOST_AUTO_TEST_CASE(row_30_says_nothing_of_a_secret_that_came_later) {
    const auto former = vault::require_service(tenant.session, "api");
    const auto tells = [&](const std::string& wanted) {
        for (int i = 0; i < 100; ++i) {
            if (upstream.check(tenant.caller, "api").valid == wanted) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
        }
        return false;
    };
    call(request("/status?code=401"));
    BOOST_TEST(tells("false"));
    vault::Secrets secrets;
    secrets.emplace("secret", base::Secret{"another-secret-0123456789"});
    vault::replace_secrets(tenant.session, tenant.ids.workspace, *deployment.connectors, "api",
                           std::move(secrets));
    BOOST_TEST(upstream.check(tenant.caller, "api").valid == "unknown");
    auto database = deployment.database.as("gatehouse_egress", 1);
    {  // a call with the former secret that ends only now
        egress::Leases leases;
        egress::Recorder late{database, leases};
        late.note(tenant.ids.workspace, former,
                  {.status = 401,
                   .valid = false,
                   .source = "passive",
                   .checked_at = base::Clock::now() + std::chrono::seconds{1},
                   .rate_limits = "[]",
                   .retry_at = {}});
    }
    BOOST_TEST(upstream.check(tenant.caller, "api").valid == "unknown");
    call(request("/status?code=200"));
    BOOST_TEST(tells("true"));
}

BOOST_AUTO_TEST_SUITE_END()
