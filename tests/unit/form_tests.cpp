#define BOOST_TEST_MODULE form_tests
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "http/cookie.hpp"
#include "http/form.hpp"
#include "http/own_page.hpp"

namespace bdata = boost::unit_test::data;
using namespace std::string_literals;

namespace {

http::Request request_with(std::initializer_list<std::pair<std::string, std::string>> fields,
                           std::string body = {}) {
    http::Request request;
    request.fields = fields;
    request.body = std::move(body);
    return request;
}

bool is_refused_as(const std::string& code, const base::Error& error) { return error.code() == code; }

constexpr const char* form_type = "application/x-www-form-urlencoded";

}  // namespace

BOOST_AUTO_TEST_SUITE(form)

BOOST_AUTO_TEST_CASE(decodes_names_and_values) {
    const auto form = http::Form::parse("a=1+2&b%20c=%C3%A9&d");
    BOOST_TEST(form.text("a") == "1 2");
    BOOST_TEST(form.text("b c") == "\xc3\xa9");
    BOOST_TEST(form.text("d").empty());
    BOOST_TEST(form.parameters().size() == 3u);
}

BOOST_AUTO_TEST_CASE(takes_an_empty_value_for_an_absent_one) {
    BOOST_TEST(!http::Form::parse("scope=&state=x").find("scope"));
    BOOST_TEST(!http::Form::parse("state=x").find("scope"));
}

BOOST_AUTO_TEST_CASE(gives_no_value_to_a_repeated_parameter) {
    const auto form = http::Form::parse("state=x&resource=a&resource=b");
    BOOST_TEST(!form.find("resource"));
    BOOST_TEST(form.is_repeated("resource"));
    BOOST_TEST(form.first_repeated().value() == "resource");
    BOOST_CHECK_EXCEPTION(form.require("resource"), base::Error,
                          [](const auto& error) { return is_refused_as("parameter_repeated", error); });
    BOOST_TEST(!http::Form::parse("a=1&b=1").first_repeated());
}

BOOST_AUTO_TEST_CASE(counts_an_empty_repetition_too) {
    BOOST_TEST(http::Form::parse("code=x&code=").is_repeated("code"));
}

BOOST_DATA_TEST_CASE(refuses_what_is_no_text, bdata::make({"a=%", "a=%zz", "a=%00", "a=%ff", "%c3=1"}),
                     text) {
    BOOST_CHECK_EXCEPTION(http::Form::parse(text), base::Error,
                          [](const auto& error) { return is_refused_as("form_malformed", error); });
}

BOOST_AUTO_TEST_CASE(bounds_size_and_count) {
    std::string many = "a=1";
    for (int i = 0; i < 100; ++i) many += "&a=1";
    BOOST_CHECK_THROW(http::Form::parse(many), base::Error);
    BOOST_CHECK_THROW(http::Form::parse("a=" + std::string(http::Form::size_limit, 'x')), base::Error);
}

BOOST_AUTO_TEST_CASE(wants_the_media_type_of_a_form) {
    BOOST_TEST(
        http::Form::of(request_with({{"content-type", form_type + "; charset=UTF-8"s}}, "a=b")).text("a") ==
        "b");
    BOOST_CHECK_THROW(http::Form::of(request_with({{"content-type", "application/json"}}, "a=b")),
                      base::Error);
    BOOST_CHECK_THROW(http::Form::of(request_with({}, "a=b")), base::Error);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(cookie)

BOOST_AUTO_TEST_CASE(is_found_among_others) {
    const auto request = request_with({{"cookie", "a=1; __Host-x=abc; b=2"}});
    BOOST_TEST(http::cookie_of(request, "__Host-x") == "abc");
    BOOST_TEST(http::cookie_of(request, "b") == "2");
    BOOST_TEST(http::cookie_of(request, "c").empty());
    BOOST_TEST(http::cookie_of(request_with({}), "a").empty());
}

BOOST_AUTO_TEST_CASE(that_came_twice_is_not_taken) {
    BOOST_TEST(http::cookie_of(request_with({{"cookie", "a=1; a=2"}}), "a").empty());
}

BOOST_AUTO_TEST_CASE(is_set_for_this_host_and_no_script) {
    BOOST_TEST(http::set_cookie("__Host-x", "abc") == "__Host-x=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
    BOOST_TEST(http::forget_cookie("__Host-x").ends_with("; Max-Age=0"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(own_page)

BOOST_AUTO_TEST_CASE(is_told_by_the_browser) {
    const auto is_own = [](std::initializer_list<std::pair<std::string, std::string>> fields) {
        return http::is_from_own_page(request_with(fields), "https://gate.example.com");
    };
    BOOST_TEST(is_own({{"sec-fetch-site", "same-origin"}, {"origin", "null"}}));
    BOOST_TEST(!is_own({{"sec-fetch-site", "cross-site"}, {"origin", "https://gate.example.com"}}));
    BOOST_TEST(!is_own({{"sec-fetch-site", "same-site"}}));
    BOOST_TEST(is_own({{"origin", "https://gate.example.com"}}));
    BOOST_TEST(!is_own({{"origin", "https://evil.example.com"}}));
    BOOST_TEST(is_own({{"origin", "null"}}));
    BOOST_TEST(is_own({}));
}

BOOST_DATA_TEST_CASE(is_no_way_to_another_host,
                     bdata::make({"//evil.example", "https://evil.example", "/\\evil.example",
                                  "/\t/evil.example", "", "evil", "javascript:alert(1)", "/a\nb", "/\xc3\xa9",
                                  " /a", "///evil"}),
                     path) {
    BOOST_TEST(http::own_path(path, "/fallback") == "/fallback");
}

BOOST_AUTO_TEST_CASE(may_be_any_path_and_query) {
    BOOST_TEST(http::own_path("/oauth/authorize?a=b&c=%2F%2Fd#e") == "/oauth/authorize?a=b&c=%2F%2Fd#e");
}

BOOST_AUTO_TEST_SUITE_END()
