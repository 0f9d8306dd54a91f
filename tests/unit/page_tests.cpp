#define BOOST_TEST_MODULE page_tests
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "base/error.hpp"
#include "page/pages.hpp"

namespace {

std::string field(const http::Response& response, const std::string& name) {
    for (const auto& [known, value] : response.fields)
        if (known == name) return value;
    return {};
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_template_that_is_installed_can_be_parsed) {
    BOOST_CHECK_NO_THROW(page::Pages{GATEHOUSE_PAGES});
}

BOOST_AUTO_TEST_CASE(no_template_but_the_layout_shows_unescaped_text) {
    for (const auto& entry :
         std::filesystem::directory_iterator{std::filesystem::path{GATEHOUSE_PAGES} / "templates"}) {
        std::ifstream stream{entry.path()};
        const std::string text{std::istreambuf_iterator<char>{stream}, {}};
        if (entry.path().stem() == "layout") continue;
        BOOST_TEST(!contains(text, "{{{"), entry.path());
        BOOST_TEST(!contains(text, "{{&"), entry.path());
        BOOST_TEST(!contains(text, "<script"), entry.path());
        BOOST_TEST(!contains(text, "style="), entry.path());
        BOOST_TEST(!std::regex_search(text, std::regex{"<[^<>]* [a-z-]+=\\{\\{"}), entry.path());
    }
}

BOOST_AUTO_TEST_CASE(outside_text_is_escaped_in_title_and_content) {
    const page::Pages pages{GATEHOUSE_PAGES};
    const auto body = pages.render_error(400, "<script>\"'&", "</p><img src=x>", "a_code").body;
    BOOST_TEST(!contains(body, "<script>"));
    BOOST_TEST(!contains(body, "<img src=x>"));
    BOOST_TEST(contains(body, "<title>&lt;script&gt;&quot;&apos;&amp; - Gatehouse</title>"));
    BOOST_TEST(contains(body, "&lt;/p&gt;&lt;img src=x&gt;"));
}

BOOST_AUTO_TEST_CASE(a_value_that_looks_like_a_template_is_text) {
    const page::Pages pages{GATEHOUSE_PAGES};
    const auto body = pages.render_error(400, "{{code}}", "{{{code}}} {{> layout}}", "secret").body;
    BOOST_TEST(contains(body, "<h1>{{code}}</h1>"));
    BOOST_TEST(contains(body, "{{{code}}} {{&gt; layout}}"));
}

BOOST_AUTO_TEST_CASE(C1_A21_every_page_carries_the_strict_fields) {
    const page::Pages pages{GATEHOUSE_PAGES};
    const auto response = pages.render_error(403, "No", "Not allowed.", "forbidden");
    BOOST_TEST(response.status == 403);
    BOOST_TEST(
        field(response, "Content-Security-Policy") ==
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'");
    BOOST_TEST(field(response, "X-Frame-Options") == "DENY");
    BOOST_TEST(field(response, "Cache-Control") == "no-store");
    BOOST_TEST(field(response, "Referrer-Policy") == "no-referrer");
    BOOST_TEST(field(response, "Content-Type") == "text/html; charset=utf-8");
}

BOOST_AUTO_TEST_CASE(A17_a_redirect_makes_the_browser_ask_with_get) {
    BOOST_TEST(page::see_other("/login").status == 303);
    BOOST_TEST(field(page::see_other("/login"), "Location") == "/login");
}

BOOST_AUTO_TEST_CASE(a_folder_without_templates_is_refused) {
    BOOST_CHECK_THROW(page::Pages{"/nonexistent"}, base::Error);
}
