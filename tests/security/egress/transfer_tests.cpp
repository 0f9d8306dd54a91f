#include <boost/test/unit_test.hpp>

#include "egress/tenant_limit.hpp"
#include "security/egress/fixture.hpp"

using test::code_of;
using test::secret;
using test::Tenant;

BOOST_FIXTURE_TEST_SUITE(transfer, test::Fixture)

BOOST_AUTO_TEST_CASE(row_20_the_callers_time_limit_holds_and_a_cancelled_call_ends) {
    auto silent = request("/silent");
    silent.timeout_ms = 300;
    BOOST_TEST(outcome(silent) == "upstream_timeout");
    silent.timeout_ms = 20000;
    BOOST_TEST(code_of([&] { upstream.call(tenant.caller, silent, [] { return true; }); }) == "cancelled");
}

BOOST_AUTO_TEST_CASE(row_20_one_tenant_cannot_take_every_thread) {
    egress::TenantLimit limit{2};
    const auto other = auth::WorkspaceId::create();
    const auto first = limit.enter(tenant.ids.workspace);
    {
        const auto second = limit.enter(tenant.ids.workspace);
        BOOST_TEST(code_of([&] { limit.enter(tenant.ids.workspace); }) == "too_many_calls");
        BOOST_TEST(code_of([&] { limit.enter(other); }) == "");
    }
    BOOST_TEST(code_of([&] { limit.enter(tenant.ids.workspace); }) == "");
}

BOOST_AUTO_TEST_CASE(row_25_tenants_services_and_versions_never_share_a_connection) {
    Tenant other;
    other.create_service("api");
    tenant.create_service("second");
    const auto connection_of = [&](const egress::Caller& caller, const char* service) {
        return upstream.call(caller, request("/echo", service), {})
            .body_json.value()["client"]
            .get<std::string>();
    };
    const auto first = connection_of(tenant.caller, "api");
    BOOST_TEST(connection_of(tenant.caller, "api") == first);
    BOOST_TEST(connection_of(other.caller, "api") != first);
    BOOST_TEST(connection_of(tenant.caller, "second") != first);
    vault::Secrets secrets;
    secrets.emplace("secret", base::Secret{"another-secret"});
    vault::replace_secrets(tenant.session, tenant.ids.workspace, *deployment.connectors, "api",
                           std::move(secrets));
    BOOST_TEST(connection_of(tenant.caller, "api") != first);
}

BOOST_AUTO_TEST_CASE(private_addresses_are_refused_and_nothing_arrives) {
    tenant.create_service("inside", "bearer", "https://rebind.example.com");
    for (const auto* address : {"10.9.8.7", "169.254.169.254", "127.0.0.1", "fd12:3456::1"}) {
        world.names["rebind.example.com"] = {address};
        const auto before = world.accepted(address);
        BOOST_TEST(outcome(request("/echo", "inside")) == "address_blocked", address);
        BOOST_TEST(world.accepted(address) == before, address);
    }
}

BOOST_AUTO_TEST_SUITE_END()
