#include <boost/test/unit_test.hpp>
#include <thread>

#include "crypto/digest.hpp"
#include "egress/opened_services.hpp"
#include "security/egress/fixture.hpp"

using test::code_of;
using test::quoted;

namespace {

struct RememberedFixture : test::Fixture {
    db::Database database = deployment.database.as("gatehouse_egress", 2);
    egress::OpenedServices services{database};

    /// The listener may still be connecting: until it does nothing is remembered.
    bool is_remembered() {
        for (int i = 0; i < 100; ++i) {
            const auto first = services.open(tenant.caller, "api");
            if (services.open(tenant.caller, "api") == first) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
        return false;
    }
    bool is_forgotten_after(const std::string& change) {
        const auto before = services.open(tenant.caller, "api");
        deployment.database.arrange(change);
        const auto latest = std::chrono::steady_clock::now() + std::chrono::milliseconds{500};
        while (std::chrono::steady_clock::now() < latest) {
            if (services.open(tenant.caller, "api") != before) return true;
        }
        return false;
    }
    std::string here(const std::string& column) const {
        return " WHERE " + column + " = " + quoted(tenant.ids.workspace.uuid().text());
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(remembered, RememberedFixture)

BOOST_AUTO_TEST_CASE(a_service_is_opened_once_for_many_calls_of_one_credential) {
    BOOST_TEST_REQUIRE(is_remembered());
    const auto mine = services.open(tenant.caller, "api");
    const auto other = tenant.create_key("mcp.write");
    BOOST_TEST(services.open(other, "api") != mine);
    auto forged = tenant.caller;
    forged.proof = crypto::sha256("guess");
    BOOST_TEST(code_of([&] { services.open(forged, "api"); }) == "credential_invalid");
    BOOST_TEST(code_of([&] { services.open(tenant.caller, "none"); }) == "service_not_found");
}

BOOST_AUTO_TEST_CASE(what_changes_is_forgotten_at_once) {
    BOOST_TEST_REQUIRE(is_remembered());
    for (const auto& change :
         {"UPDATE vault.service SET policy = '{}'" + here("workspace_id"),
          "UPDATE vault.sealed_field SET sealed = sealed" + here("workspace_id"),
          "UPDATE vault.workspace_key SET wrapped_private_key = wrapped_private_key" + here("workspace_id"),
          "UPDATE auth.api_key SET expires_at = now() + interval '1 hour'" + here("workspace_id"),
          "UPDATE workspace.workspace SET suspended_at = NULL" + here("id"),
          "INSERT INTO vault.budget (workspace_id, service_id, bucket, remaining, per_call, reset_at) "
          "SELECT workspace_id, id, 'requests', 1, 1, now() FROM vault.service" +
              here("workspace_id")}) {
        BOOST_TEST_REQUIRE(is_remembered());
        BOOST_TEST(is_forgotten_after(change), change);
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_remembered_for_longer_than_a_second) {
    BOOST_TEST_REQUIRE(is_remembered());
    const auto first = services.open(tenant.caller, "api");
    std::this_thread::sleep_for(std::chrono::milliseconds{1100});
    BOOST_TEST(services.open(tenant.caller, "api") != first);
}

BOOST_AUTO_TEST_CASE(a_service_that_was_disabled_is_called_no_more) {
    BOOST_TEST(outcome("/echo") == "200");
    deployment.database.arrange("UPDATE vault.service SET state = 'disabled'" + here("workspace_id"));
    BOOST_TEST(outcome_soon(tenant.caller, request("/echo")) == "service_disabled");
}

BOOST_AUTO_TEST_SUITE_END()
