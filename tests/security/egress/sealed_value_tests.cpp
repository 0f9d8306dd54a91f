#include <boost/test/unit_test.hpp>

#include "crypto/key_file.hpp"
#include "security/egress/fixture.hpp"

using test::code_of;
using test::quoted;

BOOST_FIXTURE_TEST_SUITE(sealed_values, test::Fixture)

BOOST_AUTO_TEST_CASE(a_value_moved_to_another_service_or_version_does_not_open) {
    tenant.create_service("second");
    const auto workspace = quoted(tenant.ids.workspace.uuid().text());
    deployment.database.arrange(
        "UPDATE vault.sealed_field f SET sealed = g.sealed FROM vault.sealed_field g, vault.service s, "
        "vault.service t "
        "WHERE f.workspace_id = " +
        workspace + " AND f.service_id = s.id AND s.name = 'api' AND s.workspace_id = " + workspace +
        " AND g.service_id = t.id AND t.name = 'second' AND t.workspace_id = " + workspace);
    BOOST_TEST(outcome(request("/echo")) == "sealed_value_unusable");
    BOOST_TEST(outcome(request("/echo", "second")) == "200");
    deployment.database.arrange(
        "UPDATE vault.service SET version = 2 WHERE name = 'second' AND workspace_id = " + workspace +
        "; UPDATE vault.sealed_field SET version = 2 WHERE workspace_id = " + workspace);
    BOOST_TEST(outcome(request("/echo", "second")) == "sealed_value_unusable");
}

BOOST_AUTO_TEST_CASE(changing_where_a_credential_goes_makes_it_useless) {
    const auto at = " WHERE name = 'api' AND workspace_id = " + quoted(tenant.ids.workspace.uuid().text());
    const auto before = world.accepted();
    deployment.database.arrange("UPDATE vault.service SET origins = '{https://other.example.com}'" + at);
    BOOST_TEST(outcome(request("/echo")) == "sealed_value_unusable");
    deployment.database.arrange(
        "UPDATE vault.service SET origins = '{https://api.example.com}', auth_method = 'query'" + at);
    BOOST_TEST(outcome(request("/echo")) == "sealed_value_unusable");
    BOOST_TEST(world.accepted() == before);
}

BOOST_AUTO_TEST_CASE(values_sealed_before_a_rotation_still_open) {
    vault_keys::rotate_workspace_keys(tenant.session, tenant.ids.workspace, *deployment.key_encryption);
    tenant.create_service("later");
    BOOST_TEST(outcome(request("/echo")) == "200");
    BOOST_TEST(outcome(request("/echo", "later")) == "200");
}

BOOST_AUTO_TEST_CASE(nothing_opens_with_another_deployments_key) {
    auto config = deployment.config;
    config.keys.vault = world.folder() / ("other" + tenant.ids.slug);
    crypto::create_key_file(config.keys.vault);
    egress::Upstream other{config, world.resolver()};
    BOOST_TEST(code_of([&] { other.call(tenant.caller, request("/echo"), {}); }) == "vault_key_mismatch");
    config.keys.vault = world.folder() / "absent";
    BOOST_TEST(code_of([&] { egress::Upstream without{config}; }) == "key_file_invalid");
}

BOOST_AUTO_TEST_CASE(no_role_but_egress_gets_at_a_sealed_value) {
    for (const auto* role : {"gatehouse_mcp", "gatehouse_rest", "gatehouse_operator", "gatehouse_worker"}) {
        auto database = deployment.database.as(role, 1);
        db::Autocommit session{database, db::Scope{tenant.ids.workspace.uuid()}};
        for (const auto* sql :
             {"SELECT sealed FROM vault.sealed_field", "SELECT wrapped_private_key FROM vault.workspace_key",
              "SELECT vault.open_service(NULL, NULL, NULL, NULL, NULL)"}) {
            // the operator wraps keys anew, and cannot read what they seal
            if (std::string_view{role} == "gatehouse_operator" &&
                std::string_view{sql}.find("wrapped") != std::string_view::npos)
                continue;
            const db::Statement steal{"steal", sql};
            BOOST_CHECK_EXCEPTION(session.query(steal), db::StatementError,
                                  [](const auto& error) { return error.is_insufficient_privilege(); });
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
