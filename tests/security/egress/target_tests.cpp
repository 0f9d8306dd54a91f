#include <boost/test/unit_test.hpp>

#include "egress/outgoing.hpp"
#include "security/egress/fixture.hpp"

using test::code_of;
using test::secret;
using test::World;

BOOST_FIXTURE_TEST_SUITE(target, test::Fixture)

BOOST_AUTO_TEST_CASE(row_01_another_host_scheme_or_port_is_refused_before_anything_is_sent) {
    world.names["other.example.com"] = {World::public_v4};
    const auto before = world.accepted();
    for (const auto* url : {"https://other.example.com/echo", "https://api.example.com:8443/echo",
                            "http://api.example.com/echo", "https://api.example.com.other.example.com/echo"})
        BOOST_TEST(outcome(url) == "origin_not_allowed", url);
    for (const auto* url :
         {"https://api.example.com@other.example.com/", "//other.example.com/echo", "echo", ""})
        BOOST_TEST((outcome(url) == "invalid_url" || outcome(url) == "path_not_allowed"), url);
    BOOST_TEST(world.accepted() == before);
    BOOST_TEST(outcome("https://API.example.com.:443/echo") == "200");
}

BOOST_AUTO_TEST_CASE(row_02_wildcard_origins_and_odd_labels_cannot_be_stored) {
    for (const auto* origin : {"https://*.example.com", "https://api.example.com?x", "ftp://api.example.com",
                               "api.example.com", "https://2130706433", "https://a@b.example.com"})
        BOOST_TEST(code_of([&] { tenant.create_service("w", "bearer", origin); }) == "invalid_origin",
                   origin);
    for (const auto* site : {"evil.example.com/", "a.b", "x#", "", "-a", "A", "a@b"}) {
        vault::NewService jira;
        jira.name = "jira";
        jira.connector = "jira";
        jira.settings = {{"site", site}};
        jira.secrets.emplace("email", base::Secret{"me@example.com"});
        jira.secrets.emplace("token", base::Secret{secret});
        BOOST_TEST(code_of([&] {
                       vault::create_service(tenant.session, tenant.ids.workspace, *deployment.connectors,
                                             std::move(jira));
                   }) == "invalid_setting",
                   site);
    }
}

BOOST_AUTO_TEST_CASE(row_13_a_path_cannot_leave_the_origins_prefix) {
    tenant.create_service("prefixed", "bearer", "https://api.example.com/echo/v1");
    BOOST_TEST(outcome(request("/echo/v1", "prefixed")) == "200");
    BOOST_TEST(outcome(request("/echo/v1/x", "prefixed")) == "200");
    for (const auto* url : {"/echo", "/echo/v2", "/echo/v1x", "/admin", "https://api.example.com/"})
        BOOST_TEST(outcome(request(url, "prefixed")) == "origin_not_allowed", url);
    for (const auto* url : {"/echo/v1/../../admin", "/echo/v1/%2e%2e/admin", "/echo/v1/..%2fadmin",
                            "/echo/v1//admin", "/echo/v1/%252e%252e/admin", "/echo/v1/..;/admin"})
        BOOST_TEST(outcome(request(url, "prefixed")) == "path_not_allowed", url);
}

BOOST_AUTO_TEST_CASE(row_22_another_port_is_refused) {
    tenant.create_service("port", "bearer", "https://api.example.com:8443");
    BOOST_TEST(outcome(request("/echo", "port")) == "200");
    BOOST_TEST(outcome(request("https://api.example.com/echo", "port")) == "origin_not_allowed");
    BOOST_TEST(outcome(request("https://api.example.com:22/echo", "port")) == "origin_not_allowed");
}

BOOST_AUTO_TEST_SUITE_END()
