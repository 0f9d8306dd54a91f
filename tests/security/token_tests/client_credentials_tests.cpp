#include <boost/test/unit_test.hpp>

#include "crypto/encoding.hpp"
#include "schema/json.hpp"
#include "security/token_tests/fixture.hpp"

using namespace test;

BOOST_FIXTURE_TEST_SUITE(client_credentials, OneProcess)

BOOST_AUTO_TEST_CASE(a_token_is_got_once_and_used_while_it_lasts) {
    create_service("machine", "client_credentials");
    BOOST_TEST(status(request("machine")) == 200);
    BOOST_TEST(status(request("machine")) == 200);
    const auto calls = token_calls();
    BOOST_REQUIRE(calls.size() == 1U);
    BOOST_TEST(calls[0]["form"]["grant_type"] == "client_credentials");
    BOOST_TEST(calls[0]["authorization"] == "Basic " + crypto::base64_of("gate%20house:client%20secret%2B1"));
}

BOOST_AUTO_TEST_CASE(the_answer_never_shows_the_token_and_the_caller_never_the_secret) {
    create_service("machine", "client_credentials");
    const auto result = upstream.call(caller, request("machine", "/echo"), {});
    const auto shown = schema::dump(*result.body_json);
    BOOST_TEST(shown.find("access-token-") == std::string::npos);
    BOOST_TEST(shown.find("Bearer [redacted]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_client_is_the_operators_to_mend_and_asked_again_after_new_secrets) {
    const auto service = create_service("machine", "client_credentials", "status=401&error=invalid_client");
    BOOST_TEST(refusal("machine") == "credential_misconfigured");
    BOOST_TEST(refusal("machine") == "credential_misconfigured");
    BOOST_TEST(token_calls().size() == 1U);
    vault::Secrets secrets;
    secrets.emplace("client_secret", base::Secret{"another"});
    vault::replace_secrets(session, ids.workspace, *deployment.connectors, "machine", std::move(secrets));
    BOOST_TEST(token(service).state == "active");
    BOOST_TEST(refusal("machine") == "credential_misconfigured");
    BOOST_TEST(token_calls().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_down_is_not_asked_before_its_own_time) {
    const auto service = create_service("machine", "client_credentials", "status=503&after=120");
    BOOST_TEST(refusal("machine") == "credential_refresh_failed");
    BOOST_TEST(refusal("machine") == "credential_refresh_failed");
    BOOST_TEST(token_calls().size() == 1U);
    BOOST_TEST(token(service).state == "degraded");
    BOOST_TEST((token(service).retry_at.value() > base::Clock::now() + std::chrono::seconds{100}));
}

BOOST_AUTO_TEST_SUITE_END()
