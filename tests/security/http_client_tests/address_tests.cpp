#include <boost/test/unit_test.hpp>

#include "security/http_client_tests/fixture.hpp"

using namespace std::chrono_literals;
using namespace test;

BOOST_FIXTURE_TEST_SUITE(http_client, Fixture)

BOOST_AUTO_TEST_CASE(reaches_a_public_address_over_either_protocol) {
    BOOST_TEST(outcome(get("https://api.example.com/echo")) == "200");
    world.names["six.example.com"] = {World::public_v6};
    BOOST_TEST(outcome(get("https://six.example.com/echo")) == "upstream_tls_failed");
    world.names["other.example.com"] = {World::public_v6};
    BOOST_TEST(outcome(get("https://other.example.com/echo")) == "200");
    BOOST_TEST(world.accepted(World::public_v6) > 0);
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

BOOST_AUTO_TEST_SUITE_END()
