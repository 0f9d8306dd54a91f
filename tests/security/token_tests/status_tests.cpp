#include <boost/test/unit_test.hpp>

#include "security/token_tests/fixture.hpp"
#include "vault/revocation.hpp"

using namespace test;

BOOST_FIXTURE_TEST_SUITE(status_of_a_token, OneProcess)

BOOST_AUTO_TEST_CASE(tells_state_expiry_and_what_would_help) {
    const auto state = [&] { return upstream.check(caller, "personal"); };
    const auto service = create_service("personal", "authorization_code");
    BOOST_TEST(state().state == "needs_reconnect");
    BOOST_TEST(state().action.value().find("/api/v1/services/personal/connection") != std::string::npos);
    connect(service, "access-token-status", "refresh");
    auto now = state();
    BOOST_TEST(now.state == "active");
    BOOST_TEST(now.refreshable);
    BOOST_TEST((now.expires_at && now.next_refresh_at && *now.next_refresh_at < *now.expires_at));
    BOOST_TEST(!now.action.has_value());
    arrange(service, "state = 'degraded', reason = 'down', retry_at = now() + interval '1 minute'");
    BOOST_TEST(state().state == "degraded");
    BOOST_TEST(state().retry_at.has_value());
    arrange(service, "expires_at = now()");
    BOOST_TEST(state().state == "expired");
    arrange(service, "claim_owner = gen_random_uuid(), claim_until = now() + interval '45 seconds'");
    BOOST_TEST(state().state == "refreshing");
    arrange(service, "claim_until = NULL, state = 'misconfigured'");
    BOOST_TEST(state().state == "misconfigured");
    vault::update_service(session, "personal",
                          {.description = {}, .revealable = {}, .state = vault::ServiceState::disabled});
    BOOST_TEST(state().state == "disabled");
    BOOST_TEST(state().valid == "unknown");
}

BOOST_AUTO_TEST_CASE(an_explanation_tells_it_as_a_call_would) {
    const auto explained = [&] { return upstream.explain(caller, request("personal")).code.value_or(""); };
    const auto service = create_service("personal", "authorization_code");
    BOOST_TEST(explained() == "credential_needs_reconnect");
    BOOST_TEST(explained() == refusal("personal"));
    connect(service, "access-token-explained", "refresh");
    BOOST_TEST(explained() == "");
    arrange(service, "state = 'needs_reconnect', access = NULL, expires_at = now()");
    BOOST_TEST(explained() == "credential_needs_reconnect");
    BOOST_TEST(explained() == refusal("personal"));
    arrange(service, "state = 'misconfigured', retry_at = now() + interval '1 minute'");
    BOOST_TEST(explained() == "credential_misconfigured");
    BOOST_TEST(explained() == refusal("personal"));
    arrange(service, "state = 'active', retry_at = NULL");
    BOOST_TEST(explained() == "");
}

BOOST_AUTO_TEST_CASE(row_30_a_connectors_credentials_are_revoked_in_every_workspace_at_once) {
    TokenFixture other;
    create_connected("shared", "seed-revoked-here", "delay=1");
    other.create_connected("shared", "seed-revoked-there");
    BOOST_TEST(upstream.call(other.caller, request("shared"), {}).status == 200);
    // a renewal that is under way cannot store its tokens
    std::string outcome;
    std::thread renewal{[&] { outcome = refusal("shared"); }};
    BOOST_REQUIRE(settles([&] { return token_calls().size() == 2U; }));
    auto all = deployment.database.as("gatehouse_operator");
    db::Autocommit everywhere{all, {}};
    BOOST_TEST(vault::revoke_connector(everywhere, "generic") >= 2);
    renewal.join();
    BOOST_TEST(outcome == "credential_revoked");
    BOOST_TEST(refusal("shared") == "service_disabled");
    BOOST_TEST(code_of([&] { upstream.call(other.caller, request("shared"), {}); }) == "service_disabled");
    BOOST_TEST(upstream.check(caller, "shared").state == "revoked");
    BOOST_TEST(code_of([&] {
                   vault::update_service(
                       session, "shared",
                       {.description = {}, .revealable = {}, .state = vault::ServiceState::active});
               }) == "credential_revoked");
}

BOOST_AUTO_TEST_CASE(row_30_a_workspaces_administrator_revokes_there_alone) {
    TokenFixture other;
    create_service("mine", "client_credentials");
    other.create_service("theirs", "client_credentials");
    auto rest = deployment.database.as("gatehouse_rest");
    db::Autocommit here{rest, db::Scope{ids.workspace.uuid()}};
    BOOST_TEST(vault::revoke_connector_here(here, "generic") == 1);
    BOOST_TEST(refusal("mine") == "service_disabled");
    BOOST_TEST(upstream.call(other.caller, request("theirs"), {}).status == 200);
    vault::Secrets secrets;
    secrets.emplace("client_secret", base::Secret{"new"});
    vault::replace_secrets(session, ids.workspace, *deployment.connectors, "mine", std::move(secrets));
    BOOST_TEST(status(request("mine")) == 200);
}

BOOST_AUTO_TEST_CASE(row_30_connectors_take_turns_in_revocation) {
    const auto revoke = [&](const std::string& name, const char* connector, const char* due) {
        vault::NewService request;
        request.name = name;
        request.connector = connector;
        const auto& field = deployment.connectors->require(connector).auth_method("").secrets.front();
        request.secrets.emplace(field.name, base::Secret{"secret-of-" + name});
        const auto service = Tenant::create_service(std::move(request));
        deployment.database.arrange(
            "INSERT INTO vault.revocation (workspace_id, service_id, retry_at) VALUES (" +
            quoted(ids.workspace.uuid().text()) + ',' + quoted(service.id.uuid().text()) + ',' + quoted(due) +
            ')');
    };
    for (const auto* due :
         {"2000-01-01T00:00Z", "2000-01-01T01:00Z", "2000-01-01T02:00Z", "2000-01-01T03:00Z"})
        revoke(std::string{"first-"} + due[12], "sendgrid", due);
    revoke("second-0", "resend", "2000-01-02T00:00Z");
    revoke("third-0", "stripe", "2000-01-03T00:00Z");
    revoke("third-1", "stripe", "2000-01-03T01:00Z");
    revoke("later", "resend", "2100-01-01T00:00Z");
    auto worker = deployment.database.as("gatehouse_worker", 1);
    db::Autocommit everywhere{worker, {}};
    const auto due = [&](int most) {
        static constexpr db::Statement ask{"ask", "SELECT service_id FROM vault.due_revocations($1)"};
        std::string names;
        for (const auto row : everywhere.query(ask, most)) {
            const auto id = row.uuid(0);
            for (const auto& service : vault::list_services(session))
                if (service.id.uuid() == id) names += service.name + ';';
        }
        return names;
    };
    BOOST_TEST(due(3) == "first-0;second-0;third-0;");
    BOOST_TEST(due(1000) == "first-0;second-0;third-0;first-1;third-1;first-2;first-3;");
}

BOOST_AUTO_TEST_SUITE_END()
