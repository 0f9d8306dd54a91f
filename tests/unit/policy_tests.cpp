#define BOOST_TEST_MODULE policy_tests
#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "http_syntax/url.hpp"
#include "vault/decision.hpp"
#include "vault/request_pattern.hpp"

namespace {

using Texts = std::vector<std::string>;

vault::Connector connector() {
    vault::Connector github;
    github.id = "github";
    github.secret_endpoints = {{"POST /app/*/access_tokens", "/token", {}}, {"POST /user/keys", {}, {}}};
    return github;
}

std::string code_of(const vault::Policy& policy, const vault::RequestFacts& facts) {
    return vault::decide(policy, connector(), facts).code;
}

std::string refusal_of(const vault::Policy& policy) {
    try {
        vault::check_policy(policy, connector());
        return "";
    } catch (const base::Error& error) {
        return error.code();
    }
}

bool matches(const char* pattern, const char* method, const char* path) {
    return vault::matches_request(pattern, method, path);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_pattern_names_a_method_and_a_path_segment_by_segment) {
    BOOST_TEST(matches("POST /repos/*/*/keys", "POST", "/repos/a/b/keys"));
    BOOST_TEST(!matches("POST /repos/*/*/keys", "GET", "/repos/a/b/keys"));
    for (const auto* path : {"/repos/a/keys", "/repos/a/b/c/keys", "/repos/a/b/keys/1", "/repos/a/b", ""})
        BOOST_TEST(!matches("* /repos/*/*/keys", "POST", path), path);
    BOOST_TEST(matches("* /Accounts/*.json", "GET", "/Accounts/AC1.json"));
    BOOST_TEST(!matches("* /Accounts/*.json", "GET", "/Accounts/AC1/Messages.json"));
    BOOST_TEST(!matches("* /Accounts/*.json", "GET", "/Accounts/json"));
    for (const auto* path : {"/repos", "/repos/", "/repos/a", "/repos/a/b/c"})
        BOOST_TEST(matches("GET /repos/**", "GET", path), path);
    for (const auto* path : {"/", "/repo", "/reposx", "/x/repos/a"})
        BOOST_TEST(!matches("GET /repos/**", "GET", path), path);
    BOOST_TEST(matches("GET /**", "GET", "/"));
    BOOST_TEST(matches("GET /**", "GET", "/a/b"));
}

BOOST_AUTO_TEST_CASE(row_15_what_is_denied_is_denied_in_every_spelling) {
    vault::Policy policy;
    for (const auto* path :
         {"/user/keys", "/user/keys/", "/user/keys//", "/User/KEYS", "/user/keys.json", "/user/keys.xml/"})
        BOOST_TEST(code_of(policy, {.method = "POST", .path = path, .body_bytes = 0, .agent = {}}) ==
                       "secret_endpoint_denied",
                   path);
    for (const auto* path : {"/user/keys/1", "/user/keysx", "/user", "/user.json/keys.d/x"})
        BOOST_TEST(code_of(policy, {.method = "POST", .path = path, .body_bytes = 0, .agent = {}}) == "",
                   path);
    policy.deny = Texts{"DELETE /users/@me/a:b", "DELETE /old/%21x"};
    for (const auto* path : {"/users/@me/a:b", "/users/%40me/a%3Ab", "/users/@me./a:b%20", "/users/@me/a:b..",
                             "/Users/@ME/a:b./", "/old/!x", "/old/%21X"})
        BOOST_TEST(code_of(policy, {.method = "DELETE", .path = path, .body_bytes = 0, .agent = {}}) ==
                       "request_denied",
                   path);
    policy.deny = Texts{"DELETE /repos/*"};
    policy.allow = Texts{"* /repos/*"};
    for (const auto* path : {"/repos/a", "/repos/a/", "/Repos/a"})
        BOOST_TEST(code_of(policy, {.method = "DELETE", .path = path, .body_bytes = 0, .agent = {}}) ==
                       "request_denied",
                   path);
    BOOST_TEST(code_of(policy, {.method = "GET", .path = "/repos/a", .body_bytes = 0, .agent = {}}) == "");
    BOOST_TEST(code_of(policy, {.method = "GET", .path = "/repos/a/", .body_bytes = 0, .agent = {}}) ==
               "request_denied");
}

BOOST_AUTO_TEST_CASE(a_pattern_that_could_never_match_is_refused) {
    for (const auto* good : {"GET /", "* /**", "POST /a/*/b*c/**", "DELETE /a%20b"})
        BOOST_CHECK_NO_THROW(vault::check_request_pattern(good));
    for (const auto* bad : {"", "GET", "/a", "get /a", "TRACE /a", "GET a", "GET /a/../b", "GET //a",
                            "GET /a b", "GET /**/a", "GET /a**", "GET /a*b*", "GET /%61", "GET  /a"})
        BOOST_CHECK_THROW(vault::check_request_pattern(bad), base::Error);
}

BOOST_AUTO_TEST_CASE(row_28_only_what_the_policy_allows_may_be_sent) {
    vault::Policy policy;
    policy.allow = Texts{"GET /repos/acme/**", "POST /repos/acme/*/issues"};
    policy.deny = Texts{"* /repos/acme/secret/**"};
    BOOST_TEST(code_of(policy, {"GET", "/repos/acme/web", 0, {}}) == "");
    BOOST_TEST(code_of(policy, {"POST", "/repos/acme/web/issues", 10, {}}) == "");
    BOOST_TEST(code_of(policy, {"POST", "/gists", 10, {}}) == "request_denied");
    BOOST_TEST(code_of(policy, {"GET", "/repos/evil/web", 0, {}}) == "request_denied");
    BOOST_TEST(code_of(policy, {"DELETE", "/repos/acme/web", 0, {}}) == "request_denied");
    BOOST_TEST(code_of(policy, {"GET", "/repos/acme/secret/x", 0, {}}) == "request_denied");
    BOOST_TEST(code_of({}, {"DELETE", "/anything", 0, {}}) == "");
}

BOOST_AUTO_TEST_CASE(row_28_no_spelling_of_a_path_escapes_what_is_denied) {
    vault::Policy policy;
    policy.deny = Texts{"* /admin/$batch", "POST /v1/users:delete", "* /drive/(root)/*", "GET /a b"};
    for (const auto* path : {"/admin/$batch", "/admin/%24batch", "/Admin/%24BATCH/", "/admin/%24batch.json",
                             "/admin/$batch%20", "/%61dmin/$batch", "/admin/$batch."})
        BOOST_TEST(code_of(policy, {"GET", http_syntax::canonical_path(path), 0, {}}) == "request_denied",
                   path);
    BOOST_TEST(code_of(policy, {"POST", "/v1/users%3Adelete", 0, {}}) == "request_denied");
    BOOST_TEST(code_of(policy, {"GET", "/drive/%28root%29/x", 0, {}}) == "request_denied");
    BOOST_TEST(code_of(policy, {"GET", "/a%20b", 0, {}}) == "request_denied");
    BOOST_TEST(code_of(policy, {"GET", "/admin/batch", 0, {}}) == "");
    BOOST_TEST(code_of(policy, {"GET", "/drive/(root)/x/y", 0, {}}) == "");
}

BOOST_AUTO_TEST_CASE(a_body_is_bounded_and_agents_are_named) {
    vault::Policy policy;
    policy.body_bytes = 100;
    policy.agents = Texts{"key_1", "cli_2"};
    BOOST_TEST(code_of(policy, {"PUT", "/a", 100, {"key_1"}}) == "");
    BOOST_TEST(code_of(policy, {"PUT", "/a", 100, {"grant", "cli_2"}}) == "");
    BOOST_TEST(code_of(policy, {"PUT", "/a", 101, {"key_1"}}) == "body_too_large");
    BOOST_TEST(code_of(policy, {"PUT", "/a", 0, {"key_3"}}) == "agent_not_allowed");
    BOOST_TEST(code_of(policy, {"PUT", "/a", 0, {}}) == "agent_not_allowed");
}

BOOST_AUTO_TEST_CASE(row_15_a_request_that_makes_a_secret_is_denied_unless_it_can_be_kept_and_may) {
    const vault::RequestFacts token{"POST", "/app/1/access_tokens", 0, {}};
    const vault::RequestFacts keys{"POST", "/user/keys", 0, {}};
    BOOST_TEST(code_of({}, token) == "secret_endpoint_denied");
    BOOST_TEST(code_of({}, keys) == "secret_endpoint_denied");
    BOOST_TEST(code_of({}, {"GET", "/user/keys", 0, {}}) == "");
    vault::Policy policy;
    policy.secret_endpoints = true;
    const auto decision = vault::decide(policy, connector(), token);
    BOOST_TEST(decision.is_allowed());
    BOOST_TEST(decision.makes_secret.value().secret.value() == "/token");
    BOOST_TEST(code_of(policy, keys) == "secret_endpoint_denied");
}

BOOST_AUTO_TEST_CASE(approval_is_noted_and_every_check_is_told) {
    vault::Policy policy;
    policy.approve = Texts{"DELETE /**"};
    policy.body_bytes = 0;
    policy.deny = Texts{"DELETE /a"};
    const auto decision = vault::decide(policy, connector(), {"DELETE", "/a", 5, {}});
    BOOST_TEST(decision.needs_approval);
    BOOST_TEST(decision.code == "request_denied");
    BOOST_TEST(decision.checks.size() == 5U);
    BOOST_TEST(!vault::decide(policy, connector(), {"GET", "/a", 0, {}}).needs_approval);
}

BOOST_AUTO_TEST_CASE(a_policy_that_could_never_hold_is_refused) {
    const auto with = [](auto change) {
        vault::Policy policy;
        change(policy);
        return refusal_of(policy);
    };
    BOOST_TEST(with([](auto& p) { p.allow = Texts{"GET /a"}; }) == "");
    BOOST_TEST(with([](auto& p) { p.allow = Texts{"nonsense"}; }) == "invalid_policy");
    BOOST_TEST(with([](auto& p) { p.approve = Texts{"GET /a/../b"}; }) == "invalid_policy");
    BOOST_TEST(with([](auto& p) { p.response = Texts{"id"}; }) == "invalid_policy");
    BOOST_TEST(with([](auto& p) { p.response = Texts{"/a~2"}; }) == "invalid_policy");
    BOOST_TEST(with([](auto& p) { p.secret_endpoints = true; }) == "");
    vault::Policy policy;
    policy.secret_endpoints = true;
    BOOST_CHECK_THROW(vault::check_policy(policy, {}), base::Error);
    BOOST_CHECK_THROW(vault::policy_of(R"({"alow":[]})"), base::Error);
    const auto same = vault::policy_of(vault::json_of(policy));
    BOOST_TEST(same.secret_endpoints.value());
}
