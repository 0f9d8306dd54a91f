#define BOOST_TEST_MODULE session_tests
#include <boost/test/unit_test.hpp>

#include "account/form_guard.hpp"
#include "account/session.hpp"
#include "base/error.hpp"
#include "crypto/encoding.hpp"
#include "support/database.hpp"

namespace {

struct World {
    test::Database database;
    test::Database::Tenant tenant = database.create_tenant();
    db::Database account = database.as("gatehouse_account");
    db::Autocommit session{account, {}};
};
World& world() {
    static World instance;
    return instance;
}

http::Request request_with(const std::string& cookies) {
    http::Request request;
    request.fields = {{"cookie", cookies}};
    return request;
}

std::string pair_of(const std::string& set_cookie) { return set_cookie.substr(0, set_cookie.find(';')); }

struct SignedIn {
    db::Session& session = world().session;
    std::string set_cookie = account::begin_session(session, world().tenant.user, {"pwd"}, {});
    http::Request request = request_with(pair_of(set_cookie));
};

void age(const char* change) {
    world().database.arrange(std::string{"UPDATE account.login_session SET "} + change);
}

http::Form form_of(const std::string& token) { return http::Form::parse("form_token=" + token); }

bool is_form_refused(const base::Error& error) { return error.code() == "form_refused"; }

constexpr const char* own_url = "https://gate.example.com";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(login_session, SignedIn)

BOOST_AUTO_TEST_CASE(is_found_by_its_cookie) {
    const auto found = account::find_session(session, request);
    BOOST_REQUIRE(found);
    BOOST_TEST(found->user.text() == world().tenant.user.text());
    BOOST_TEST(found->methods == std::vector<std::string>{"pwd"});
    BOOST_TEST(!found->email.empty());
    BOOST_TEST(std::chrono::abs(base::Clock::now() - found->authenticated_at) < std::chrono::seconds{60});
}

BOOST_AUTO_TEST_CASE(C3_has_a_cookie_for_this_host_alone) {
    BOOST_TEST(set_cookie.starts_with("__Host-gatehouse_session="));
    BOOST_TEST(set_cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"));
}

BOOST_AUTO_TEST_CASE(K4_is_stored_as_a_digest) {
    auto postgres = world().database.as("gatehouse_operator");
    const auto cookie = http::Form::parse(pair_of(set_cookie)).text("__Host-gatehouse_session");
    static constexpr db::Statement search{
        "test.search", "SELECT 1 FROM account.login_session WHERE encode(sha256, 'hex') = $1"};
    world().database.arrange("GRANT SELECT ON account.login_session TO gatehouse_operator");
    BOOST_TEST(db::Autocommit(postgres, {})
                   .query(search, crypto::hex_of(*crypto::bytes_of_base64url(cookie)))
                   .empty());
    world().database.arrange("REVOKE SELECT ON account.login_session FROM gatehouse_operator");
}

BOOST_AUTO_TEST_CASE(is_not_found_by_another_cookie) {
    BOOST_TEST(!account::find_session(session, request_with("")));
    BOOST_TEST(!account::find_session(session, request_with("__Host-gatehouse_session=x")));
    BOOST_TEST(!account::find_session(
        session, request_with("__Host-gatehouse_session=" + crypto::base64url_of(std::string(32, 'x')))));
    const auto pair = pair_of(set_cookie);
    BOOST_TEST(!account::find_session(session, request_with(pair + "; " + pair)));
}

BOOST_AUTO_TEST_CASE(ends_with_logout) {
    BOOST_TEST(account::end_session(session, request).ends_with("Max-Age=0"));
    BOOST_TEST(!account::find_session(session, request));
}

BOOST_AUTO_TEST_CASE(C3_gets_a_new_id_at_login_and_the_old_one_ends) {
    const auto again = account::begin_session(session, world().tenant.user, {"pwd"}, request);
    BOOST_TEST(pair_of(again) != pair_of(set_cookie));
    BOOST_TEST(!account::find_session(session, request));
    BOOST_TEST(account::find_session(session, request_with(pair_of(again))).has_value());
}

BOOST_AUTO_TEST_CASE(cannot_be_chosen_by_whoever_sends_the_cookie) {
    const auto chosen = "__Host-gatehouse_session=" + crypto::base64url_of(std::string(32, 'y'));
    const auto given = account::begin_session(session, world().tenant.user, {"pwd"}, request_with(chosen));
    BOOST_TEST(pair_of(given) != chosen);
    BOOST_TEST(!account::find_session(session, request_with(chosen)));
}

BOOST_AUTO_TEST_CASE(ends_when_it_is_idle_for_a_day) {
    age("last_seen_at = now() - interval '25 hours'");
    BOOST_TEST(!account::find_session(session, request));
}

BOOST_AUTO_TEST_CASE(stays_while_it_is_seen) {
    age("last_seen_at = now() - interval '23 hours'");
    BOOST_TEST(account::find_session(session, request).has_value());
    age("last_seen_at = last_seen_at - interval '23 hours'");
    BOOST_TEST(account::find_session(session, request).has_value());
}

BOOST_AUTO_TEST_CASE(ends_after_its_longest_time) {
    age("expires_at = now() - interval '1 second'");
    BOOST_TEST(!account::find_session(session, request));
}

BOOST_AUTO_TEST_CASE(of_one_user_can_be_ended_but_this) {
    const auto other = account::begin_session(session, world().tenant.user, {"pwd"}, {});
    account::end_sessions(session, world().tenant.user, account::find_session(session, request)->id);
    BOOST_TEST(account::find_session(session, request).has_value());
    BOOST_TEST(!account::find_session(session, request_with(pair_of(other))));
    account::end_sessions(session, world().tenant.user);
    BOOST_TEST(!account::find_session(session, request));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(form_guard)

BOOST_AUTO_TEST_CASE(C2_takes_its_own_token_once_the_browser_has_its_cookie) {
    const account::FormGuard first{http::Request{}};
    http::Response page;
    first.remember(page);
    BOOST_REQUIRE(page.fields.size() == 1u);
    const auto request = request_with(pair_of(page.fields[0].second));
    const account::FormGuard second{request};
    BOOST_CHECK_NO_THROW(second.check(request, form_of(first.token("login")), "login", own_url));
    BOOST_TEST(first.browser_sha256() == second.browser_sha256());
    http::Response again;
    second.remember(again);
    BOOST_TEST(again.fields.empty());
}

BOOST_AUTO_TEST_CASE(C2_refuses_another_browser_purpose_or_login) {
    const auto browser = "__Host-gatehouse_browser=" + crypto::base64url_of(std::string(32, 'b'));
    const auto other = "__Host-gatehouse_browser=" + crypto::base64url_of(std::string(32, 'c'));
    const auto login = "; __Host-gatehouse_session=" + crypto::base64url_of(std::string(32, 's'));
    const auto token = account::FormGuard{request_with(browser)}.token("login");
    const auto refuses = [&](const std::string& cookies, const std::string& sent, const char* purpose) {
        const auto request = request_with(cookies);
        BOOST_CHECK_EXCEPTION(account::FormGuard{request}.check(request, form_of(sent), purpose, own_url),
                              base::Error, is_form_refused);
    };
    refuses(other, token, "login");
    refuses(browser, token, "logout");
    refuses(browser + login, token, "login");
    refuses("", token, "login");
    refuses(browser, "", "login");
}

BOOST_AUTO_TEST_CASE(C2_refuses_what_another_sites_page_sent) {
    auto request = request_with("__Host-gatehouse_browser=" + crypto::base64url_of(std::string(32, 'b')));
    const account::FormGuard guard{request};
    const auto form = form_of(guard.token("login"));
    BOOST_CHECK_NO_THROW(guard.check(request, form, "login", own_url));
    request.fields.emplace_back("sec-fetch-site", "cross-site");
    BOOST_CHECK_EXCEPTION(guard.check(request, form, "login", own_url), base::Error, is_form_refused);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(the_way_to_login_comes_back) {
    BOOST_TEST(account::login_path("/oauth/authorize?a=b&c=d") ==
               "/login?continue=%2Foauth%2Fauthorize%3Fa%3Db%26c%3Dd");
}
