#include <boost/test/unit_test.hpp>

#include "security/token_tests/fixture.hpp"

using namespace test;

namespace {

std::string lower_name(std::string text) {
    for (auto& c : text) {
        if (c == ':') c = '.';
    }
    return text;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(refresh, OneProcess)

BOOST_AUTO_TEST_CASE(a_token_that_is_over_is_renewed_and_the_refresh_token_rotates) {
    const auto service = create_connected("personal", "seed-rotates");
    BOOST_TEST(status(request("personal")) == 200);
    arrange(service, "expires_at = now() - interval '1 second'");
    BOOST_TEST(status(request("personal")) == 200);
    const auto calls = token_calls();
    BOOST_REQUIRE(calls.size() == 2U);
    BOOST_TEST(calls[0]["form"]["refresh_token"] == "seed-rotates");
    BOOST_TEST(calls[1]["form"]["refresh_token"].get<std::string>().starts_with("refresh-token-"));
    BOOST_TEST(token(service).version == 3);
}

BOOST_AUTO_TEST_CASE(a_token_that_is_still_valid_is_used_at_once_and_renewed_behind_the_call) {
    const auto service = create_connected("personal", "seed-stale", "hold=1");
    BOOST_TEST(status(request("personal")) == 200);
    arrange(service, "refresh_at = now() - interval '1 second'");
    const auto start = std::chrono::steady_clock::now();
    BOOST_TEST(status(request("personal")) == 200);
    BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::milliseconds{900}));
    BOOST_TEST(settles([&] { return token(service).version == 3; }));
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_down_does_not_hinder_calls_while_the_token_lasts) {
    const auto service = create_connected("personal", "seed-down", "status=500");
    arrange(service, "expires_at = now() + interval '1 minute', refresh_at = now() - interval '1 second'");
    BOOST_TEST(status(request("personal", "/echo")) == 200);
    BOOST_TEST(settles([&] { return token(service).state == "degraded"; }));
    BOOST_TEST(status(request("personal", "/echo")) == 200);
    BOOST_TEST(token_calls().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_that_is_no_good_is_tried_twice_and_then_needs_the_user) {
    const auto service = create_connected("personal", "unknown-refresh-token");
    BOOST_TEST(refusal("personal") == "credential_needs_reconnect");
    BOOST_TEST(token_calls().size() == 2U);
    BOOST_TEST(refusal("personal") == "credential_needs_reconnect");
    BOOST_TEST(token_calls().size() == 2U);
    BOOST_TEST(token(service).state == "needs_reconnect");
}

BOOST_AUTO_TEST_CASE(tokens_that_somebody_else_stored_meanwhile_are_used) {
    const auto service = create_connected("personal", "unknown-refresh-token");
    std::thread other{[&] {
        settles([&] { return token_calls().size() == 1U; });
        connect(service, "access-token-other");
    }};
    BOOST_TEST(status(request("personal", "/echo")) == 200);
    other.join();
    BOOST_TEST(token(service).state == "active");
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_replaced_once_and_only_an_idempotent_request_is_sent_again) {
    const auto service = create_connected("personal", "seed-refused");
    const auto refuse_token = [&] {
        arrange(service, "issued_at = now() - interval '1 minute', forced_at = NULL");
        status(request("personal", "/forget"));
        arrange(service, "issued_at = now() - interval '1 minute', forced_at = NULL");
    };
    BOOST_TEST(status(request("personal")) == 200);
    refuse_token();
    BOOST_TEST(status(request("personal")) == 200);
    BOOST_TEST(token_calls().size() == 2U);
    refuse_token();
    BOOST_TEST(status(request("personal", "/protected", "POST")) == 401);
    BOOST_TEST(token_calls().size() == 3U);
    BOOST_TEST(status(request("personal", "/protected", "POST")) == 200);
    // a young token, and one that was replaced within the minute, are not
    status(request("personal", "/forget"));
    BOOST_TEST(status(request("personal")) == 401);
    arrange(service, "issued_at = now() - interval '1 minute'");
    BOOST_TEST(status(request("personal")) == 401);
    BOOST_TEST(token_calls().size() == 3U);
}

BOOST_AUTO_TEST_CASE(tokens_moved_to_another_service_or_back_to_an_older_version_do_not_open) {
    const auto first = create_connected("first", "seed-first");
    const auto second = create_connected("second", "seed-second");
    BOOST_TEST(status(request("first")) == 200);
    BOOST_TEST(status(request("second")) == 200);
    arrange(first, "access = (SELECT access FROM vault.token WHERE service_id = " +
                       quoted(second.id.uuid().text()) + ")");
    BOOST_TEST(refusal("first") == "sealed_value_unusable");
    arrange(second, "version = version + 1");
    BOOST_TEST(refusal("second") == "sealed_value_unusable");
    arrange(second, "version = version - 1, access = refresh");
    BOOST_TEST(refusal("second") == "sealed_value_unusable");
}

BOOST_AUTO_TEST_CASE(row_27_token_urls_are_for_the_operator_and_pass_the_same_guard) {
    vault::NewService request;
    request.name = "evil";
    request.connector = "generic";
    request.auth_method = "client_credentials";
    request.origins = {"https://api.example.com"};
    request.settings = {{"client_id", "x"}, {"token_url", "https://other.example.com/take"}};
    request.secrets.emplace("client_secret", base::Secret{"s"});
    BOOST_TEST(code_of([&] {
                   vault::create_service(session, ids.workspace, *deployment.connectors, std::move(request));
               }) == "operator_only_setting");
    auto& names = deployment.world.names;
    for (const auto* address : {"10.9.8.7", "169.254.169.254", "127.0.0.1", "::1"}) {
        names["rebind.example.com"] = {address};
        const auto before = deployment.world.accepted(address);
        const auto name = "inside" + std::to_string(before) + std::string{address}.substr(0, 2);
        create_service(lower_name(name), "client_credentials", "", "https://rebind.example.com/token");
        BOOST_TEST(refusal(lower_name(name)) == "credential_misconfigured", address);
        BOOST_TEST(deployment.world.accepted(address) == before, address);
    }
    // a change of the URL in the database makes the client's secret useless
    const auto service = create_service("moved", "client_credentials");
    deployment.database.arrange(
        "UPDATE vault.service SET settings = settings || '{\"token_url\": "
        "\"https://other.example.com/token\"}' "
        "WHERE id = " +
        quoted(service.id.uuid().text()));
    BOOST_TEST(refusal("moved") == "sealed_value_unusable");
}

BOOST_AUTO_TEST_CASE(a_service_that_nobody_connected_says_so) {
    create_service("personal", "authorization_code");
    BOOST_TEST(refusal("personal") == "credential_needs_reconnect");
    BOOST_TEST(token_calls().empty());
}

BOOST_AUTO_TEST_SUITE_END()
