#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "security/http_client_tests/fixture.hpp"

using namespace test;

BOOST_FIXTURE_TEST_SUITE(http_client, Fixture)

BOOST_AUTO_TEST_CASE(a_request_that_is_not_idempotent_is_never_sent_twice) {
    const auto dropped = [&](const char* method) {
        return get("https://api.example.com/drop?of=" + std::string{method}, method);
    };
    for (const auto* method : {"POST", "PATCH"}) {
        BOOST_TEST(outcome(get("https://api.example.com/echo", method)) == "200");
        auto request = dropped(method);
        request.method = http_syntax::find_method(method);
        BOOST_TEST(outcome(request) == "upstream_protocol_error", method);
        BOOST_TEST(client.perform(get("https://api.example.com/drops?of=" + std::string{method})).body == "1",
                   method);
    }
    BOOST_TEST(outcome(get("https://api.example.com/echo", "GET")) == "200");
    BOOST_TEST(outcome(dropped("GET")) == "upstream_protocol_error");
    BOOST_TEST(client.perform(get("https://api.example.com/drops?of=GET")).body == "2");
}

BOOST_AUTO_TEST_CASE(a_request_that_was_sent_and_lost_is_not_called_unreachable) {
    const auto vanish = "https://api.example.com:4436/vanish";
    BOOST_TEST(outcome(get("https://api.example.com:4436/echo", "vanish")) == "200");
    auto request = get(vanish, "vanish");
    request.method = http_syntax::find_method("POST");
    BOOST_TEST(outcome(request) == "upstream_protocol_error");
    BOOST_TEST(outcome(request) == "upstream_unreachable");
}

BOOST_AUTO_TEST_CASE(row_24_old_tls_and_wrong_certificates_are_refused) {
    BOOST_TEST(outcome(get("https://api.example.com:4433/echo")) == "upstream_tls_failed");
    BOOST_TEST(outcome(get("https://api.example.com:4434/echo")) == "upstream_tls_failed");
    BOOST_TEST(outcome(get("https://api.example.com:4435/echo")) == "upstream_tls_failed");
    BOOST_TEST(outcome(get("https://api.example.com:8443/echo")) == "200");
    http_client::Client trusting_the_system_alone{http_client::AddressGuard{}, "", world.resolver()};
    BOOST_TEST(outcome_of(trusting_the_system_alone, get("https://api.example.com/echo")) ==
               "upstream_tls_failed");
}

BOOST_AUTO_TEST_CASE(row_24_an_authority_of_the_system_is_found_by_its_name) {
    ::setenv("SSL_CERT_DIR", (world.folder() / "authorities").c_str(), 1);
    http_client::Client trusting_the_system{http_client::AddressGuard{}, "", world.resolver()};
    ::unsetenv("SSL_CERT_DIR");
    BOOST_TEST(outcome_of(trusting_the_system, get("https://api.example.com/echo")) == "200");
    BOOST_TEST(outcome_of(trusting_the_system, get("https://api.example.com:4433/echo")) ==
               "upstream_tls_failed");
}

BOOST_AUTO_TEST_CASE(row_24_no_key_log_is_written) {
    const auto file = world.folder() / "keys.log";
    ::setenv("SSLKEYLOGFILE", file.c_str(), 1);
    http_client::Client fresh{http_client::AddressGuard{}, world.ca(), world.resolver()};
    BOOST_TEST(outcome_of(fresh, get("https://api.example.com/echo")) == "200");
    BOOST_TEST(!std::filesystem::exists(file));
}

BOOST_AUTO_TEST_CASE(row_25_connections_are_kept_within_a_key_and_never_shared_between_keys) {
    const auto client_of = [&](const std::string& key) {
        const auto body = client.perform(get("https://api.example.com/echo", key)).body;
        return body.substr(body.find("\"client\""));
    };
    const auto first = client_of("workspace a");
    BOOST_TEST(client_of("workspace a") == first);
    BOOST_TEST(client_of("workspace b") != first);
    BOOST_TEST(client_of("") != first);
    BOOST_TEST(client_of("workspace a") == first);
}

BOOST_AUTO_TEST_CASE(row_26_errors_name_the_host_and_nothing_else) {
    auto request = get("https://api.example.com:4433/private-path?token=query-secret");
    request.fields.push_back({"Authorization", base::Secret{"Bearer header-secret"}});
    try {
        client.perform(request);
        BOOST_FAIL("was not refused");
    } catch (const base::Error& error) {
        const auto text = std::string{error.what()} + error.detail();
        BOOST_TEST(text.find("api.example.com") != std::string::npos);
        for (const auto* leaked : {"private-path", "query-secret", "header-secret"})
            BOOST_TEST(text.find(leaked) == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
