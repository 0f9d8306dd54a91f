#define BOOST_TEST_MODULE oauth_token_tests
#include <unistd.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "crypto/key_file.hpp"
#include "oauth/parameters.hpp"
#include "oauth/refresh_token.hpp"
#include "oauth/resource.hpp"

namespace bdata = boost::unit_test::data;

namespace {

struct KeyFile {
    KeyFile() { crypto::create_key_file(path); }
    ~KeyFile() { std::filesystem::remove(path); }
    /// Puts a new key before the ones there are.
    void rotate() const {
        const KeyFile other;
        std::string text;
        for (const auto& file : {other.path, path}) {
            std::ifstream stream{file};
            text.append(std::istreambuf_iterator<char>{stream}, {});
        }
        std::ofstream{path} << text;
    }
    static int next() {
        static int count = 0;
        return ++count;
    }
    std::filesystem::path path =
        "/tmp/oauth_token_tests." + std::to_string(::getpid()) + '.' + std::to_string(next());
};

struct Keys {
    KeyFile file;
    oauth::ServerKeys keys{file.path};
    auth::GrantId grant = auth::GrantId::create();
};

std::string text_of(const oauth::NewRefreshToken& token) { return std::string{token.text.reveal()}; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(refresh_token, Keys)

BOOST_AUTO_TEST_CASE(names_its_grant_and_is_recognized) {
    const auto token = oauth::create_refresh_token(keys, grant);
    const auto recognized = oauth::recognize_refresh_token(keys, token.text.reveal());
    BOOST_REQUIRE(recognized.has_value());
    BOOST_TEST((recognized->grant == grant));
    BOOST_TEST(recognized->sha256 == token.sha256);
}

BOOST_AUTO_TEST_CASE(two_of_a_grant_differ) {
    BOOST_TEST(text_of(oauth::create_refresh_token(keys, grant)) !=
               text_of(oauth::create_refresh_token(keys, grant)));
}

BOOST_AUTO_TEST_CASE(has_the_same_successor_every_time) {
    const auto token = oauth::create_refresh_token(keys, grant);
    const auto first = oauth::successors_of(keys, token.text.reveal());
    const auto again = oauth::successors_of(keys, token.text.reveal());
    BOOST_REQUIRE(first.size() == 1U);
    BOOST_TEST(text_of(first.front()) == text_of(again.front()));
    BOOST_TEST(text_of(first.front()) != text_of(token));
    BOOST_TEST((oauth::recognize_refresh_token(keys, first.front().text.reveal())->grant == grant));
}

BOOST_AUTO_TEST_CASE(keeps_its_successor_when_the_server_gets_a_new_key) {
    const auto token = oauth::create_refresh_token(keys, grant);
    const auto before = text_of(oauth::successors_of(keys, token.text.reveal()).front());
    file.rotate();
    const oauth::ServerKeys rotated{file.path};
    BOOST_TEST(oauth::recognize_refresh_token(rotated, token.text.reveal()).has_value());
    const auto after = oauth::successors_of(rotated, token.text.reveal());
    BOOST_REQUIRE(after.size() == 2U);
    BOOST_TEST(text_of(after[0]) != before);
    BOOST_TEST(text_of(after[1]) == before);
}

BOOST_AUTO_TEST_CASE(of_another_server_is_not_recognized_though_it_reads_well) {
    const Keys other;
    const auto token = oauth::create_refresh_token(other.keys, grant);
    BOOST_TEST(oauth::RefreshToken::read(token.text.reveal()).has_value());
    BOOST_TEST(!oauth::recognize_refresh_token(keys, token.text.reveal()).has_value());
}

BOOST_AUTO_TEST_CASE(with_any_character_changed_is_not_recognized) {
    const auto text = text_of(oauth::create_refresh_token(keys, grant));
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto changed = text;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        BOOST_TEST(!oauth::recognize_refresh_token(keys, changed).has_value(), "position " << i);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(resource)

const std::vector<std::pair<std::string, std::string>> spellings{
    {"https://h.example/mcp", "https://h.example/mcp"},
    {"HTTPS://H.Example/mcp", "https://h.example/mcp"},
    {"https://h.example:443/mcp", "https://h.example/mcp"},
    {"https://h.example:8443/mcp", "https://h.example:8443/mcp"},
    {"http://h.example:80", "http://h.example"},
    {"http://h.example:443/", "http://h.example:443"},
    {"https://h.example", "https://h.example"},
    {"https://h.example/", "https://h.example"},
    {"https://h.example/mcp/", "https://h.example/mcp"},
    {"https://h.example/MCP", "https://h.example/MCP"},
    {"https://h.example/mcp?a=1", "https://h.example/mcp?a=1"},
};

BOOST_AUTO_TEST_CASE(has_one_form) {
    for (const auto& [given, wanted] : spellings)
        BOOST_TEST(oauth::canonical_resource(given).value_or("") == wanted);
}

BOOST_DATA_TEST_CASE(is_refused_when,
                     bdata::make({"", "mcp", "/mcp", "https://", "https:///mcp", "https://h.example/mcp#a",
                                  "https://h.example/mcp#", "https://u@h.example/mcp", "urn:a:b",
                                  "ftp://h.example/", "https://h.example/m cp", "https://h.example/\x01",
                                  "https://h.example/\xc3\xa9"}),
                     text) {
    BOOST_TEST(!oauth::canonical_resource(text).has_value());
}

BOOST_AUTO_TEST_CASE(is_one_of_the_servers_endpoints_or_none) {
    const std::string origin = "https://h.example";
    BOOST_TEST(oauth::endpoint_of_resource(origin, origin + "/mcp").value_or("") == "/mcp");
    BOOST_TEST(oauth::endpoint_of_resource(origin, origin + "/v1/demo").value_or("") == "/v1/demo");
    for (const auto* path :
         {"", "/", "/mcp/x", "/v1/", "/v1/demo/i/x", "/v1/Demo", "/v1", "/api/v1", ".evil/mcp"})
        BOOST_TEST(!oauth::endpoint_of_resource(origin, origin + path).has_value(), path);
    BOOST_TEST(!oauth::endpoint_of_resource(origin, "https://other.example/mcp").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(parameters)

BOOST_AUTO_TEST_CASE(without_a_value_are_absent) {
    const auto parameters = oauth::Parameters::parse("a=1&b=&c&d=%20x+y&a2=2");
    BOOST_TEST(parameters.text("a") == "1");
    BOOST_TEST(!parameters.has("b"));
    BOOST_TEST(!parameters.has("c"));
    BOOST_TEST(parameters.text("d") == " x y");
    BOOST_CHECK_THROW(parameters.require("b"), base::Error);
}

BOOST_AUTO_TEST_CASE(come_once_but_for_the_resource) {
    BOOST_CHECK_THROW(oauth::Parameters::parse("a=1&a=1"), base::Error);
    BOOST_CHECK_THROW(oauth::Parameters::parse("a=&a=1"), base::Error);
    const auto both = oauth::Parameters::parse("resource=x&resource=y").all("resource");
    BOOST_TEST((both == std::vector<std::string>{"x", "y"}));
}

BOOST_AUTO_TEST_SUITE_END()
