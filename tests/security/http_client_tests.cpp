#define BOOST_TEST_MODULE http_client_tests
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/error.hpp"
#include "http_client/client.hpp"
#include "security/world.hpp"

using namespace std::chrono_literals;
using test::World;

namespace {

World* the_world = nullptr;

struct MakeWorld {
    World world;
    MakeWorld() { the_world = &world; }
};
BOOST_TEST_GLOBAL_FIXTURE(MakeWorld);

http_client::Request get(const std::string& url, const std::string& pool_key = "") {
    http_client::Request request;
    request.method = http_syntax::find_method("GET");
    request.url = http_syntax::parse_url(url);
    request.pool_key = pool_key;
    return request;
}

struct Fixture {
    World& world = *the_world;
    http_client::Client client{http_client::AddressGuard{}, world.ca(), world.resolver()};

    /// The code of the refusal, or the status.
    std::string outcome(const http_client::Request& request, const http_client::Limits& limits = {},
                        const http_client::Hooks& hooks = {}) {
        return outcome_of(client, request, limits, hooks);
    }

    static std::string outcome_of(http_client::Client& with, const http_client::Request& request,
                                  const http_client::Limits& limits = {},
                                  const http_client::Hooks& hooks = {}) {
        try {
            return std::to_string(with.perform(request, limits, hooks).status);
        } catch (const base::Error& error) {
            return error.code();
        }
    }
};

std::string refusal_of_url(const std::string& text) {
    try {
        http_syntax::parse_url(text);
        return "";
    } catch (const base::Error& error) {
        return error.code();
    }
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>{std::chrono::steady_clock::now() - start}.count();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_client, Fixture)

BOOST_AUTO_TEST_CASE(reaches_a_public_address_over_either_protocol) {
    BOOST_TEST(outcome(get("https://api.example.com/echo")) == "200");
    world.names["six.example.com"] = {World::public_v6};
    BOOST_TEST(outcome(get("https://six.example.com/echo")) == "upstream_tls_failed");
    world.names["other.example.com"] = {World::public_v6};
    BOOST_TEST(outcome(get("https://other.example.com/echo")) == "200");
    BOOST_TEST(world.accepted(World::public_v6) > 0);
}

BOOST_AUTO_TEST_CASE(row_03_redirect_to_another_host_is_not_followed) {
    world.names["other.example.com"] = {World::public_v4};
    const auto before = world.lookups["other.example.com"];
    auto request = get("https://api.example.com/redirect?to=https://other.example.com/echo");
    request.fields.push_back({"X-API-Key", base::Secret{"s3cret-value"}});
    const auto response = client.perform(request);
    BOOST_TEST(response.status == 302);
    BOOST_TEST(response.field("location") == "https://other.example.com/echo");
    BOOST_TEST(world.lookups["other.example.com"] == before);
}

BOOST_AUTO_TEST_CASE(row_04_a_name_with_one_private_answer_is_refused) {
    world.names["rebind.example.com"] = {World::public_v4, "10.9.8.7"};
    const auto before = world.accepted();
    BOOST_TEST(outcome(get("https://rebind.example.com/echo")) == "address_blocked");
    BOOST_TEST(world.accepted() == before);
}

BOOST_AUTO_TEST_CASE(row_04_a_name_that_changes_its_answer_is_asked_once_and_checked_again) {
    world.names["rebind.example.com"] = {World::public_v4};
    const auto before = world.lookups["rebind.example.com"];
    BOOST_TEST(outcome(get("https://rebind.example.com/echo", "tenant")) == "200");
    BOOST_TEST(world.lookups["rebind.example.com"] == before + 1);
    world.names["rebind.example.com"] = {"127.0.0.1"};
    const auto private_before = world.accepted("127.0.0.1");
    BOOST_TEST(outcome(get("https://rebind.example.com/echo", "tenant")) == "200");
    BOOST_TEST(outcome(get("https://rebind.example.com/echo", "other tenant")) == "address_blocked");
    BOOST_TEST(world.accepted("127.0.0.1") == private_before);
}

BOOST_AUTO_TEST_CASE(row_05_private_ipv4_is_refused_and_nothing_arrives) {
    for (const auto& address : World::forbidden_v4()) {
        world.names["api.example.com"] = {address};
        BOOST_TEST(outcome(get("https://api.example.com/echo")) == "address_blocked", address);
        BOOST_TEST(world.accepted(address) == 0, address);
    }
    world.names["api.example.com"] = {World::public_v4};
}

BOOST_AUTO_TEST_CASE(row_05_every_reserved_block_is_known_at_both_its_ends) {
    for (const auto* text :
         {"0.0.0.0",         "0.255.255.255",  "10.0.0.0",        "10.255.255.255",  "100.64.0.0",
          "100.127.255.255", "127.0.0.0",      "127.255.255.255", "169.254.0.0",     "169.254.255.255",
          "172.16.0.0",      "172.31.255.255", "192.0.0.0",       "192.0.0.255",     "192.0.2.0",
          "192.0.2.255",     "192.88.99.0",    "192.168.0.0",     "192.168.255.255", "198.18.0.0",
          "198.19.255.255",  "198.51.100.0",   "203.0.113.255",   "224.0.0.0",       "239.255.255.255",
          "240.0.0.0",       "255.255.255.255"}) {
        BOOST_TEST((reach_of(http_client::Address::parse(text).value()) != http_client::Reach::world), text);
    }
    for (const auto* text :
         {"1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
          "128.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
          "198.20.0.0", "223.255.255.255", "8.8.8.8"}) {
        BOOST_TEST((reach_of(http_client::Address::parse(text).value()) == http_client::Reach::world), text);
    }
}

BOOST_AUTO_TEST_CASE(row_06_forbidden_ipv6_is_refused_and_nothing_arrives) {
    for (const auto& address : World::forbidden_v6()) {
        world.names["api.example.com"] = {address};
        BOOST_TEST(outcome(get("https://api.example.com/echo")) == "address_blocked", address);
        BOOST_TEST(world.accepted(address) == 0, address);
    }
    world.names["api.example.com"] = {"::ffff:10.9.8.7"};
    BOOST_TEST(outcome(get("https://api.example.com/echo")) == "address_blocked");
    BOOST_TEST(world.accepted("10.9.8.7") == 0);
    world.names["api.example.com"] = {World::public_v4};
}

BOOST_AUTO_TEST_CASE(row_06_embedded_and_special_ipv6_is_known) {
    for (const auto* text : {"::",
                             "::1",
                             "::7f00:1",
                             "::ffff:127.0.0.1",
                             "::ffff:169.254.169.254",
                             "64:ff9b::7f00:1",
                             "64:ff9b:1::a00:1",
                             "100::",
                             "2001::1",
                             "2001:db8::1",
                             "2001:20::1",
                             "2002:7f00:1::",
                             "3fff::1",
                             "fc00::1",
                             "fdff::1",
                             "fe80::1",
                             "febf::1",
                             "fec0::1",
                             "ff02::1",
                             "4000::1",
                             "5f00::1"}) {
        BOOST_TEST((reach_of(http_client::Address::parse(text).value()) != http_client::Reach::world), text);
    }
    for (const auto* text : {"2606:4700:4700::1111", "2a00:1450:4001::200e", "::ffff:8.8.8.8"})
        BOOST_TEST((reach_of(http_client::Address::parse(text).value()) == http_client::Reach::world), text);
    BOOST_TEST(!http_client::Address::parse("fe80::1%eth0").has_value());
}

BOOST_AUTO_TEST_CASE(row_07_metadata_stays_blocked_when_the_operator_lists_it) {
    http_client::Client lenient{
        http_client::AddressGuard{{"api.example.com:443", "169.254.169.254:443", "[fd00:ec2::254]:443",
                                   "metadata.google.internal:443"}},
        world.ca(), world.resolver()};
    for (const auto* address : {"169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16",
                                "fd00:ec2::254", "::ffff:169.254.169.254"}) {
        world.names["api.example.com"] = {address};
        BOOST_TEST(outcome_of(lenient, get("https://api.example.com/echo")) == "address_blocked", address);
    }
    BOOST_TEST(outcome_of(lenient, get("https://169.254.169.254/latest")) == "address_blocked");
    world.names["metadata.google.internal"] = {World::public_v4};
    BOOST_TEST(outcome_of(lenient, get("https://metadata.google.internal/")) == "address_blocked");
    BOOST_TEST(world.accepted("169.254.169.254") == 0);
    world.names["api.example.com"] = {World::public_v4};
}

BOOST_AUTO_TEST_CASE(the_operator_can_list_a_private_host_or_address_with_its_port) {
    world.names["localhost"] = {"127.0.0.1"};
    http_client::Client by_name{http_client::AddressGuard{{"localhost:8443"}}, world.ca(), world.resolver()};
    BOOST_TEST(outcome_of(by_name, get("https://localhost:8443/echo")) == "200");
    BOOST_TEST(outcome_of(by_name, get("https://localhost/echo")) == "address_blocked");
    http_client::Client by_address{http_client::AddressGuard{{"127.0.0.1:8443"}}, world.ca(),
                                   world.resolver()};
    BOOST_TEST(outcome_of(by_address, get("https://localhost:8443/echo")) == "200");
    BOOST_CHECK_THROW(http_client::AddressGuard{{"localhost"}}, base::Error);
    BOOST_CHECK_THROW(http_client::AddressGuard{{"10.0.0.0/8:443"}}, base::Error);
}

BOOST_AUTO_TEST_CASE(row_08_addresses_in_any_notation_are_refused) {
    for (const auto* url : {"https://2130706433/", "https://0x7f.1/", "https://0x7f000001/",
                            "https://017700000001/", "https://127.1/", "https://0/", "https://127.0.0.01/",
                            "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://1.2.3/"})
        BOOST_TEST(refusal_of_url(url) == "invalid_url", url);
    BOOST_TEST(outcome(get(std::string{"https://"} + World::public_v4 + "/echo")) == "address_blocked");
    BOOST_TEST(outcome(get("https://127.0.0.1/echo")) == "address_blocked");
}

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
    for (const auto* path :
         {"/v1/../admin", "/v1/%2e%2e/admin", "/v1/%252e%252e/admin", "/v1/%25252e%25252e/admin", "/v1/./x",
          "/v1//x", "/v1/..;/admin", "/v1/a;b=c", "/v1/%2fadmin", "/v1/..%2fadmin", "/v1/%5cadmin", "/v1/%00",
          "/v1/%0d%0a", "/v1/..", "/v1/%2e", "//x", "/%252525252525"})
        BOOST_TEST(refusal_of_url(std::string{"https://api.example.com"} + path) == "path_not_allowed", path);
}

BOOST_AUTO_TEST_CASE(row_13_the_canonical_path_is_the_one_that_is_sent) {
    const auto response =
        client.perform(get("https://api.example.com/%65cho/%c3%a9/a%20b/..c/100%25?x=%2e%2e"));
    BOOST_TEST(
        response.body.find("\"target\": \"/echo/%C3%A9/a%20b/..c/100%25?x=%2e%2e\"") != std::string::npos,
        response.body);
}

BOOST_AUTO_TEST_CASE(row_18_a_huge_body_is_cut_at_the_limit) {
    http_client::Limits limits;
    limits.body = 1024 * 1024;
    for (const auto* path : {"huge-chunked", "huge"}) {
        const auto response = client.perform(get(std::string{"https://api.example.com/"} + path), limits);
        BOOST_TEST(response.truncated);
        BOOST_TEST(response.body.size() == limits.body);
    }
}

BOOST_AUTO_TEST_CASE(row_18_too_many_header_bytes_are_refused) {
    BOOST_TEST(outcome(get("https://api.example.com/headers")) == "response_too_large");
}

BOOST_AUTO_TEST_CASE(row_19_a_decompression_bomb_is_refused) {
    http_client::Limits limits;
    limits.body = 200 * 1024 * 1024;
    std::size_t received = 0;
    const http_client::Hooks hooks{.is_cancelled = {}, .on_body = [&](std::string_view piece) {
                                       received += piece.size();
                                       return true;
                                   }};
    BOOST_TEST(outcome(get("https://api.example.com/bomb"), limits, hooks) == "response_too_large");
    BOOST_TEST(received < 4U * 1024 * 1024);
}

BOOST_AUTO_TEST_CASE(row_19_gzip_is_decoded_and_nothing_else) {
    BOOST_TEST(client.perform(get("https://api.example.com/gzip")).body == "{\"compressed\":true}");
    BOOST_TEST(outcome(get("https://api.example.com/brotli")) == "upstream_protocol_error");
    BOOST_TEST(outcome(get("https://api.example.com/layers")) == "upstream_protocol_error");
}

BOOST_AUTO_TEST_CASE(row_20_a_silent_upstream_ends_with_the_time_limit) {
    http_client::Limits limits;
    limits.total = 500ms;
    const auto start = std::chrono::steady_clock::now();
    BOOST_TEST(outcome(get("https://api.example.com/silent"), limits) == "upstream_timeout");
    BOOST_TEST(seconds_since(start) < 2);
}

BOOST_AUTO_TEST_CASE(row_20_a_dripping_upstream_ends_before_the_time_limit) {
    http_client::Limits limits;
    limits.stall = 2s;
    const auto start = std::chrono::steady_clock::now();
    BOOST_TEST(outcome(get("https://api.example.com/drip"), limits) == "upstream_timeout");
    BOOST_TEST(seconds_since(start) < 6);
}

BOOST_AUTO_TEST_CASE(row_20_a_slow_resolver_counts_against_the_time_limit) {
    http_client::Client slow{http_client::AddressGuard{}, world.ca(), [](const std::string&) {
                                 std::this_thread::sleep_for(4s);
                                 return std::vector<http_client::Address>{};
                             }};
    http_client::Limits limits;
    limits.total = 500ms;
    auto start = std::chrono::steady_clock::now();
    BOOST_TEST(outcome_of(slow, get("https://api.example.com/echo"), limits) == "upstream_timeout");
    BOOST_TEST(seconds_since(start) < 2);
    start = std::chrono::steady_clock::now();
    const http_client::Hooks hooks{.is_cancelled = [] { return true; }, .on_body = {}};
    BOOST_TEST(outcome_of(slow, get("https://api.example.com/echo"), {}, hooks) == "cancelled");
    BOOST_TEST(seconds_since(start) < 2);
}

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

BOOST_AUTO_TEST_CASE(a_cancelled_call_ends_at_once) {
    const auto start = std::chrono::steady_clock::now();
    const http_client::Hooks hooks{.is_cancelled = [&] { return seconds_since(start) > 0.2; }, .on_body = {}};
    BOOST_TEST(outcome(get("https://api.example.com/silent"), {}, hooks) == "cancelled");
    BOOST_TEST(seconds_since(start) < 3);
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

BOOST_AUTO_TEST_CASE(row_24_old_tls_and_wrong_certificates_are_refused) {
    BOOST_TEST(outcome(get("https://api.example.com:4433/echo")) == "upstream_tls_failed");
    BOOST_TEST(outcome(get("https://api.example.com:4434/echo")) == "upstream_tls_failed");
    BOOST_TEST(outcome(get("https://api.example.com:4435/echo")) == "upstream_tls_failed");
    BOOST_TEST(outcome(get("https://api.example.com:8443/echo")) == "200");
    http_client::Client trusting_the_system_alone{http_client::AddressGuard{}, "", world.resolver()};
    BOOST_TEST(outcome_of(trusting_the_system_alone, get("https://api.example.com/echo")) ==
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

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_http_is_an_error) {
    BOOST_TEST(outcome(get("https://api.example.com/broken")) == "upstream_protocol_error");
    BOOST_TEST(outcome(get("https://api.example.com:9/")) == "upstream_unreachable");
    BOOST_TEST(outcome(get("https://unknown.example.com/")) == "upstream_unreachable");
}

BOOST_AUTO_TEST_SUITE_END()
