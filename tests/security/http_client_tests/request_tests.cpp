#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>

#include "security/http_client_tests/fixture.hpp"

using namespace test;

BOOST_FIXTURE_TEST_SUITE(http_client, Fixture)

BOOST_AUTO_TEST_CASE(row_09_deceptive_urls_are_refused) {
    for (const auto* url : {"https://api.example.com@evil.example/",
                            "https://api.example.com\\@evil.example/",
                            "https://user:pw@api.example.com/",
                            "https://api.example.com%2eevil.example/",
                            "https://api.example.com%00/",
                            "https://api.example.com#@evil.example/",
                            "https://api.example.com/#frag",
                            "https://b\xc3\xbc"
                            "cher.example/",
                            "https://api..example.com/",
                            "https://.api.example.com/",
                            "https://-api.example.com/",
                            "https:/api.example.com/",
                            "https:///api.example.com/",
                            "https://api.example.com:0/",
                            "https://api.example.com:65536/",
                            "https://api.example.com:443x/",
                            "https://",
                            "//api.example.com/",
                            "https://api.example.com/a b",
                            "https://*.example.com/"})
        BOOST_TEST(refusal_of_url(url) == "invalid_url", url);
    BOOST_TEST(http_syntax::parse_url("https://API.Example.COM./x").host == "api.example.com");
    BOOST_TEST(http_syntax::parse_url("HTTPS://api.example.com:443").text() == "https://api.example.com/");
}

BOOST_AUTO_TEST_CASE(row_10_line_breaks_reach_no_upstream) {
    const auto before = world.accepted();
    for (const auto& text :
         std::vector<std::string>{"a\r\nX-Evil: 1", "a\nb", std::string("a\0b", 3), "a\x7f"}) {
        auto request = get("https://api.example.com/echo");
        request.fields.push_back({"X-Note", base::Secret{text}});
        BOOST_TEST(outcome(request) == "header_not_allowed");
    }
    for (const auto* name : {"X-A\r\nX-Evil", "X A", "", "X:A", "X\xc3\xa9"}) {
        auto request = get("https://api.example.com/echo");
        request.fields.push_back({name, base::Secret{"v"}});
        BOOST_TEST(outcome(request) == "header_not_allowed", name);
    }
    for (const auto* url : {"https://api.example.com/\r\nX-Evil: 1", "https://api.example.com/?q=\r\n"})
        BOOST_TEST(refusal_of_url(url) == "invalid_url");
    for (const auto* method : {"GET /admin HTTP/1.1\r\nX: y", "get", "TRACE", "CONNECT", ""})
        BOOST_TEST(!http_syntax::find_method(method), method);
    BOOST_TEST(world.accepted() == before);
}

BOOST_AUTO_TEST_CASE(row_12_proxy_variables_are_ignored) {
    for (const auto* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
        ::setenv(name, "http://10.9.8.7:80", 1);
    BOOST_TEST(outcome(get("https://api.example.com/echo")) == "200");
    BOOST_TEST(world.accepted("10.9.8.7") == 0);
    http_client::Client another{http_client::AddressGuard{}, world.ca(), world.resolver()};
    BOOST_TEST(!std::getenv("https_proxy"));
    BOOST_TEST(!std::getenv("ALL_PROXY"));
}

BOOST_AUTO_TEST_CASE(row_13_ambiguous_paths_are_refused) {
    for (const auto* path : {"/v1/../admin",
                             "/v1/%2e%2e/admin",
                             "/v1/%252e%252e/admin",
                             "/v1/%25252e%25252e/admin",
                             "/v1/./x",
                             "/v1//x",
                             "/v1/..;/admin",
                             "/v1/a;b=c",
                             "/v1/%2fadmin",
                             "/v1/..%2fadmin",
                             "/v1/%5cadmin",
                             "/v1/%00",
                             "/v1/%0d%0a",
                             "/v1/..",
                             "/v1/%2e",
                             "//x",
                             "/%252525252525",
                             "/v1/%2561dmin",
                             "/v1/%%36%31dmin",
                             "/v1/a%3bb"})
        BOOST_TEST(refusal_of_url(std::string{"https://api.example.com"} + path) == "path_not_allowed", path);
}

BOOST_AUTO_TEST_CASE(row_13_the_canonical_path_is_the_one_that_is_sent) {
    const auto response =
        client.perform(get("https://api.example.com/%65cho/%c3%a9/a%20b/..c/100%25?x=%2e%2e"));
    BOOST_TEST(
        response.body.find("\"target\": \"/echo/%C3%A9/a%20b/..c/100%25?x=%2e%2e\"") != std::string::npos,
        response.body);
    BOOST_TEST(http_syntax::canonical_path("/%21%24%26%27%28%29%2a%2B%2c%3D%3a%40-%2d/%5b%7B") ==
               "/!$&'()*+,=:@--/%5B%7B");
}

BOOST_AUTO_TEST_CASE(row_21_other_schemes_and_plain_http_are_refused) {
    for (const auto* url : {"file:///etc/passwd", "gopher://api.example.com/", "ftp://api.example.com/",
                            "dict://api.example.com/", "javascript:alert(1)"})
        BOOST_TEST(refusal_of_url(url) == "invalid_url", url);
    const auto before = world.accepted();
    BOOST_TEST(outcome(get("http://api.example.com/echo")) == "address_blocked");
    BOOST_TEST(world.accepted() == before);
    world.names["localhost"] = {"127.0.0.1"};
    http_client::Client lenient{http_client::AddressGuard{{"localhost:80", "api.example.com:80"}}, world.ca(),
                                world.resolver()};
    BOOST_TEST(outcome_of(lenient, get("http://localhost/echo")) == "200");
    BOOST_TEST(outcome_of(lenient, get("http://api.example.com/echo")) == "address_blocked");
}

BOOST_AUTO_TEST_CASE(row_23_cookies_alternative_services_and_netrc_are_not_kept) {
    std::ofstream{world.folder() / ".netrc"} << "machine api.example.com login me password netrc-secret\n";
    ::setenv("HOME", world.folder().c_str(), 1);
    BOOST_TEST(outcome(get("https://api.example.com/sticky", "tenant")) == "200");
    const auto echoed = client.perform(get("https://api.example.com/echo", "tenant")).body;
    BOOST_TEST(echoed.find("ookie") == std::string::npos);
    BOOST_TEST(echoed.find("Authorization") == std::string::npos);
    BOOST_TEST(echoed.find("\"api.example.com\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
