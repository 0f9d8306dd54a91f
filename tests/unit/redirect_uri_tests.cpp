#define BOOST_TEST_MODULE redirect_uri_tests
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <random>
#include <regex>

#include "oauth/redirect_uri.hpp"

namespace bdata = boost::unit_test::data;

namespace {

const std::vector<std::string> registered{
    "https://claude.ai/api/mcp/auth_callback",
    "https://vscode.dev/redirect?state=1",
    "http://127.0.0.1/callback",
    "http://localhost:6274/oauth/callback",
    "http://[::1]:9/cb?x=y",
    "cursor://anysphere.cursor-mcp/oauth/callback",
};

/// The rule said another way: equal, or equal when the port of a loopback URI is taken out.
bool is_expected_to_match(const std::string& left, const std::string& right) {
    static const std::regex loopback{
        R"(http://(127\.0\.0\.1|\[::1\]|localhost)(:[1-9][0-9]{0,4})?([/?].*)?)"};
    if (left == right) return true;
    std::smatch a, b;
    if (!std::regex_match(left, a, loopback) || !std::regex_match(right, b, loopback)) return false;
    return a[1] == b[1] && a[3] == b[3];
}

class Mangler {
public:
    std::string operator()(std::string uri) {
        for (int changes = 1 + pick(3); changes > 0; --changes) change(uri);
        return uri;
    }

private:
    int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

    void change(std::string& uri) {
        static const std::vector<std::string> pieces{"@",
                                                     "#",
                                                     "/",
                                                     "\\",
                                                     "..",
                                                     "%2e",
                                                     "%2F",
                                                     ":",
                                                     ":80",
                                                     ":99999",
                                                     "?",
                                                     "&",
                                                     " ",
                                                     "\t",
                                                     "\n",
                                                     "\0x",
                                                     "[",
                                                     "]",
                                                     "evil.example",
                                                     "127.0.0.1",
                                                     "localhost",
                                                     ".",
                                                     "%00",
                                                     "//",
                                                     "\xc3\xa9",
                                                     "%",
                                                     "www.",
                                                     "a",
                                                     "A",
                                                     ";",
                                                     "http://",
                                                     "https://evil.example/",
                                                     "127.1",
                                                     "0x7f.1",
                                                     "\xe3\x80\x82"};
        const auto place = static_cast<std::size_t>(pick(static_cast<int>(uri.size()) + 1));
        const auto& piece = pieces[static_cast<std::size_t>(pick(static_cast<int>(pieces.size())))];
        switch (pick(5)) {
            case 0:
                uri.insert(place, piece);
                break;
            case 1:
                uri.replace(place, std::min<std::size_t>(uri.size() - place, 1 + pick(6)), piece);
                break;
            case 2:
                uri.erase(place, 1 + pick(4));
                break;
            case 3:
                if (place < uri.size()) uri[place] = static_cast<char>(uri[place] ^ 0x20);
                break;
            default:
                uri += piece;
        }
        if (uri.empty()) uri = "x";
    }

    std::mt19937 random_{20261125};
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_mangled_uri_never_matches_one_that_it_is_not) {
    Mangler mangle;
    int matched = 0;
    for (int i = 0; i < 200000; ++i) {
        const auto& original = registered[static_cast<std::size_t>(i) % registered.size()];
        const auto requested = mangle(original);
        const auto chosen = oauth::choose_redirect_uri(registered, requested);
        const bool expected = std::any_of(registered.begin(), registered.end(), [&](const auto& uri) {
            return is_expected_to_match(uri, requested);
        });
        if (chosen) ++matched;
        BOOST_REQUIRE_MESSAGE(!chosen || (expected && *chosen == requested), requested);
    }
    BOOST_TEST(matched > 100, "some mangled URIs change the port of a loopback URI alone");
}

BOOST_DATA_TEST_CASE(
    A4_another_text_is_another_uri,
    bdata::make({"https://claude.ai/api/mcp/auth_callback/", "https://CLAUDE.ai/api/mcp/auth_callback",
                 "https://claude.ai:443/api/mcp/auth_callback", "http://claude.ai/api/mcp/auth_callback",
                 "https://claude.ai/api/mcp/auth_callback?", "https://claude.ai/api/mcp/auth_callback#",
                 "https://claude.ai/api/mcp/%61uth_callback",
                 "https://claude.ai/api/mcp/../mcp/auth_callback",
                 "cursor://anysphere.cursor-mcp/oauth/callback2", ""}),
    uri) {
    BOOST_TEST(!oauth::choose_redirect_uri(registered, std::string{uri}));
}

BOOST_DATA_TEST_CASE(A5_a_loopback_uri_matches_at_any_port,
                     bdata::make({"http://127.0.0.1:33418/callback", "http://127.0.0.1/callback",
                                  "http://localhost/oauth/callback", "http://localhost:1/oauth/callback",
                                  "http://[::1]/cb?x=y", "http://[::1]:65535/cb?x=y"}),
                     uri) {
    BOOST_TEST(oauth::choose_redirect_uri(registered, std::string{uri}).value() == uri);
}

BOOST_DATA_TEST_CASE(
    A5_nothing_but_the_port_may_differ,
    bdata::make({"http://localhost:33418/callback", "http://127.0.0.1:33418/oauth/callback",
                 "http://127.0.0.1:33418/callback/", "https://127.0.0.1:33418/callback",
                 "http://127.0.0.1:0/callback", "http://127.0.0.1:65536/callback",
                 "http://127.0.0.1:080/callback", "http://127.0.0.1:/callback",
                 "http://user@127.0.0.1:33418/callback", "http://127.0.0.1:33418@evil.example/callback",
                 "http://127.0.0.1:33418/callback#f", "http://127.0.0.1.evil.example:33418/callback",
                 "http://LOCALHOST:6274/oauth/callback", "http://127.1:33418/callback",
                 "http://[::1]:9/cb?x=z", "http://[0:0:0:0:0:0:0:1]:9/cb?x=y"}),
    uri) {
    BOOST_TEST(!oauth::choose_redirect_uri(registered, std::string{uri}));
}

BOOST_AUTO_TEST_CASE(A6_it_may_be_left_out_where_one_alone_is_registered) {
    BOOST_TEST(oauth::choose_redirect_uri({registered[0]}, std::nullopt).value() == registered[0]);
    BOOST_TEST(!oauth::choose_redirect_uri(registered, std::nullopt));
    BOOST_TEST(!oauth::choose_redirect_uri({}, std::nullopt));
}

BOOST_DATA_TEST_CASE(A7_what_may_be_registered,
                     bdata::make({"https://claude.com/api/mcp/auth_callback", "https://example.com",
                                  "https://example.com:8443/a?b=c", "http://127.0.0.1/",
                                  "http://127.0.0.1:33418/", "http://localhost:8787/callback",
                                  "http://[::1]:1/", "cursor://anysphere.cursor-mcp/oauth/callback",
                                  "https://[2001:db8::1]/cb"}),
                     uri) {
    BOOST_TEST(oauth::parse_redirect_uri(uri).has_value());
}

BOOST_DATA_TEST_CASE(A7_what_may_not_be_registered,
                     bdata::make({"http://example.com/cb",
                                  "http://127.0.0.2/cb",
                                  "http://0.0.0.0/cb",
                                  "javascript:alert(1)",
                                  "javascript://127.0.0.1/%0aalert(1)",
                                  "data:text/html,x",
                                  "file:///etc/passwd",
                                  "vbscript:x",
                                  "blob:https://a/b",
                                  "about:blank",
                                  "cursor://evil/oauth",
                                  "cursor://anysphere.cursor-mcp.evil/x",
                                  "cursor://anysphere.cursor-mcp:1/x",
                                  "com.example.app:/cb",
                                  "/relative",
                                  "https://",
                                  "https:///cb",
                                  "https://user:pass@example.com/cb",
                                  "https://example.com/cb#fragment",
                                  "https://exa mple.com/",
                                  "https://example.com/\\evil",
                                  "https://example.com/%",
                                  "https://example.com/%zz",
                                  "https://ex\xc3\xa4mple.com/",
                                  "HTTPS://example.com/",
                                  "https://..example.com/",
                                  "https://example.com:/",
                                  "https://[::1/cb",
                                  "https://example.com/<script>",
                                  "https://example.com/\"x"}),
                     uri) {
    BOOST_TEST(!oauth::parse_redirect_uri(uri));
}

BOOST_AUTO_TEST_CASE(DCR_6_a_uri_has_at_most_2048_characters) {
    const std::string start = "https://example.com/";
    BOOST_TEST(oauth::parse_redirect_uri(start + std::string(2048 - start.size(), 'a')).has_value());
    BOOST_TEST(!oauth::parse_redirect_uri(start + std::string(2049 - start.size(), 'a')));
}
