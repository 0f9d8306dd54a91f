#include <boost/test/unit_test.hpp>

#include "auth/access_token.hpp"
#include "crypto/digest.hpp"
#include "security/egress/fixture.hpp"

using test::code_of;
using test::secret;
using test::Tenant;

BOOST_FIXTURE_TEST_SUITE(callers, test::Fixture)

BOOST_AUTO_TEST_CASE(a_credential_that_is_not_live_is_refused) {
    const auto refused = [&](const std::string& change) {
        const auto caller = tenant.create_key("mcp.write");
        BOOST_TEST(outcome(caller, request("/echo")) == "200");
        deployment.database.arrange("UPDATE auth.api_key SET " + change + " WHERE id = '" +
                                    caller.credential.uuid().text() + "'");
        return outcome_soon(caller, request("/echo"));
    };
    BOOST_TEST(refused("disabled_at = now()") == "credential_invalid");
    BOOST_TEST(refused("expires_at = now() - interval '1 second'") == "credential_invalid");
    BOOST_TEST(refused("secret_sha256 = sha256('other')") == "credential_invalid");
    auto forged = tenant.caller;
    forged.proof = crypto::sha256("guess");
    BOOST_TEST(outcome(forged, request("/echo")) == "credential_invalid");
    deployment.database.arrange("UPDATE workspace.workspace SET suspended_at = now() WHERE id = '" +
                                tenant.ids.workspace.uuid().text() + "'");
    BOOST_TEST(outcome_soon(tenant.caller, request("/echo")) == "credential_invalid");
}

BOOST_AUTO_TEST_CASE(each_operation_needs_its_scope) {
    tenant.create_service("shown", "bearer", "https://api.example.com", {}, true);
    const auto reader = tenant.create_key("mcp.read");
    const auto revealer = tenant.create_key("vault.reveal");
    BOOST_TEST(outcome(reader, request("/echo")) == "insufficient_scope");
    BOOST_TEST(outcome(revealer, request("/echo")) == "insufficient_scope");
    BOOST_TEST(code_of([&] { upstream.check(reader, "api"); }) == "");
    BOOST_TEST(code_of([&] { upstream.check(revealer, "api"); }) == "insufficient_scope");
    BOOST_TEST(code_of([&] { upstream.reveal(tenant.caller, "shown"); }) == "insufficient_scope");
    BOOST_TEST(code_of([&] { upstream.reveal(revealer, "api"); }) == "not_revealable");
    BOOST_TEST(upstream.reveal(revealer, "shown").secrets.at("secret") == secret);
}

BOOST_AUTO_TEST_CASE(an_access_token_allows_no_more_than_it_says) {
    const auto granted = tenant.create_grant("mcp.write");
    const auto with = [&](const auth::Scopes& scopes) {
        auto caller = granted;
        caller.proof = auth::proof_of_token(base::Uuid::create(), scopes);
        return caller;
    };
    using enum auth::Scope;
    BOOST_TEST(outcome(with({mcp_write}), request("/echo")) == "200");
    BOOST_TEST(outcome(with({mcp_read}), request("/echo")) == "insufficient_scope");
    BOOST_TEST(code_of([&] { upstream.check(with({mcp_read}), "api"); }) == "");
    BOOST_TEST(outcome(with({}), request("/echo")) == "insufficient_scope");
    BOOST_TEST(code_of([&] { upstream.reveal(with({vault_reveal}), "api"); }) == "insufficient_scope");
}

BOOST_AUTO_TEST_CASE(another_workspaces_service_does_not_exist) {
    Tenant other;
    other.create_service("private");
    BOOST_TEST(outcome(request("/echo", "private")) == "service_not_found");
    auto confused = tenant.caller;
    confused.workspace = other.ids.workspace;
    BOOST_TEST(outcome(confused, request("/echo", "private")) == "credential_invalid");
}

BOOST_AUTO_TEST_CASE(a_disabled_service_is_refused) {
    vault::update_service(tenant.session, "api",
                          {.description = {}, .revealable = {}, .state = vault::ServiceState::disabled});
    BOOST_TEST(outcome(request("/echo")) == "service_disabled");
}

BOOST_AUTO_TEST_SUITE_END()
