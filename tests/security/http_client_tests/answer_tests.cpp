#include <boost/test/unit_test.hpp>
#include <thread>

#include "security/http_client_tests/fixture.hpp"

using namespace std::chrono_literals;
using namespace test;

BOOST_FIXTURE_TEST_SUITE(http_client, Fixture)

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

BOOST_AUTO_TEST_CASE(a_cancelled_call_ends_at_once) {
    const auto start = std::chrono::steady_clock::now();
    const http_client::Hooks hooks{.is_cancelled = [&] { return seconds_since(start) > 0.2; }, .on_body = {}};
    BOOST_TEST(outcome(get("https://api.example.com/silent"), {}, hooks) == "cancelled");
    BOOST_TEST(seconds_since(start) < 3);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_http_is_an_error) {
    BOOST_TEST(outcome(get("https://api.example.com/broken")) == "upstream_protocol_error");
    BOOST_TEST(outcome(get("https://api.example.com:9/")) == "upstream_unreachable");
    BOOST_TEST(outcome(get("https://unknown.example.com/")) == "upstream_unreachable");
}

BOOST_AUTO_TEST_SUITE_END()
