#define BOOST_TEST_MODULE http_tests
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "http/challenge.hpp"
#include "http/json_text.hpp"
#include "http/media_type.hpp"
#include "http/problem.hpp"
#include "http/request.hpp"
#include "http/sse.hpp"
#include "http/uri.hpp"

namespace bdata = boost::unit_test::data;
using namespace std::string_literals;

namespace {

std::string json_of(std::string_view text) {
    std::string out;
    http::append_json_string(out, text);
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(request)

BOOST_AUTO_TEST_CASE(finds_a_field_by_its_lower_case_name) {
    http::Request request;
    request.fields = {{"accept", "text/plain"}, {"x-empty", ""}};
    BOOST_TEST(request.field("accept") == "text/plain");
    BOOST_TEST(request.field("x-empty").empty());
    BOOST_TEST(request.has_field("x-empty"));
    BOOST_TEST(!request.has_field("x-absent"));
}

BOOST_AUTO_TEST_CASE(knows_methods_by_their_exact_spelling) {
    BOOST_TEST((http::method_of("DELETE") == http::Method::delete_));
    BOOST_TEST((http::method_of("get") == http::Method::other));
    BOOST_TEST((http::method_of("PROPFIND") == http::Method::other));
    BOOST_TEST(http::text_of(http::Method::patch) == "PATCH");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(problem)

BOOST_AUTO_TEST_CASE(shows_code_and_message_but_never_the_detail) {
    const auto response =
        http::render_problem({base::Reason::conflict, "name_taken", "the \"name\" is taken", "secret"});
    BOOST_TEST(response.status == 409);
    BOOST_TEST(response.body ==
               R"({"title":"Conflict","status":409,"detail":"the \"name\" is taken","code":"name_taken"})");
    BOOST_TEST(response.fields.front().second == "application/problem+json");
}

BOOST_AUTO_TEST_CASE(asks_to_come_back_when_unavailable) {
    const auto response = http::render_problem({base::Reason::unavailable, "down", "down"});
    BOOST_TEST(response.status == 503);
    BOOST_TEST((response.fields.back() == std::pair{"Retry-After"s, "1"s}));
}

BOOST_AUTO_TEST_CASE(names_the_parts_at_fault) {
    const auto response =
        http::render({.status = 422, .code = "invalid", .detail = "d", .errors = {{"/a", "x"}, {"/b", "y"}}});
    BOOST_TEST(
        response.body.find(R"("errors":[{"field":"/a","message":"x"},{"field":"/b","message":"y"}]})") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(escapes_controls_and_replaces_invalid_utf8) {
    BOOST_TEST(json_of("a\n\x01\\") == "\"a\\n\\u0001\\\\\"");
    BOOST_TEST(json_of("\xc3\xa4\xf0\x9f\x98\x80") == "\"\xc3\xa4\xf0\x9f\x98\x80\"");
    for (const auto* text : {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"})
        BOOST_TEST(json_of(text).starts_with("\"\xef\xbf\xbd"), json_of(text));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(uri)

BOOST_AUTO_TEST_CASE(decodes_what_it_encodes) {
    const auto bytes = "a b/\xff%+~"s;
    BOOST_TEST(http::percent_encode(bytes) == "a%20b%2F%FF%25%2B~");
    BOOST_TEST(http::percent_decode(http::percent_encode(bytes)).value() == bytes);
}

BOOST_DATA_TEST_CASE(refuses_broken_encodings, bdata::make({"%", "%4", "%4g", "%zz", "a%00b"}), text) {
    BOOST_TEST(!http::percent_decode(text).has_value());
    BOOST_TEST(!http::parse_query("a="s + text).has_value());
}

BOOST_AUTO_TEST_CASE(keeps_repeats_and_order_of_a_query) {
    const auto pairs = http::parse_query("b=1&a=x+y%2B&b=&c&&d==").value();
    const decltype(pairs)& read = pairs;
    const std::vector<std::pair<std::string, std::string>> wanted{
        {"b", "1"}, {"a", "x y+"}, {"b", ""}, {"c", ""}, {"d", "="}};
    BOOST_TEST((read == wanted));
    BOOST_TEST(http::parse_query("").value().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(event_stream)

BOOST_AUTO_TEST_CASE(splits_data_at_every_kind_of_line_break) {
    BOOST_TEST(http::frame_of({.event = {}, .id = {}, .retry = {}, .data = "a\nb\r\nc\rd\n"}) ==
               "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
}

BOOST_AUTO_TEST_CASE(writes_every_part_and_lets_none_start_another_field) {
    const auto frame = http::frame_of(
        {.event = "message\ndata: x", .id = "7\r", .retry = std::chrono::milliseconds{1500}, .data = ""});
    BOOST_TEST(frame == "event: message\nid: 7\nretry: 1500\ndata: \n\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(media_type)

BOOST_AUTO_TEST_CASE(lets_the_most_specific_range_decide) {
    BOOST_TEST(http::accepts("application/json, text/event-stream", "text/event-stream"));
    BOOST_TEST(http::accepts("", "text/event-stream"));
    BOOST_TEST(http::accepts("TEXT/*;q=0.5", "text/event-stream"));
    BOOST_TEST(!http::accepts("application/json", "text/event-stream"));
    BOOST_TEST(!http::accepts("*/*, text/event-stream; q=0.000", "text/event-stream"));
    BOOST_TEST(http::accepts("text/*;q=0, text/event-stream;q=0.001", "text/event-stream"));
    BOOST_TEST(!http::accepts("a/b;x=\"text/event-stream,text/event-stream\"", "text/event-stream"));
}

BOOST_AUTO_TEST_CASE(tells_a_name_from_a_wildcard) {
    BOOST_TEST(http::names("application/json", "application/json"));
    BOOST_TEST(!http::names("*/*", "application/json"));
    BOOST_TEST(!http::names("", "application/json"));
}

BOOST_AUTO_TEST_CASE(ignores_parameters_and_case_of_a_content_type) {
    BOOST_TEST(http::is_media_type("Application/JSON ; charset=utf-8", "application/json"));
    BOOST_TEST(!http::is_media_type("application/jsonx", "application/json"));
    BOOST_TEST(!http::is_media_type("", "application/json"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_challenge_quotes_its_values_and_stays_one_line) {
    const http::BearerChallenge challenge{.realm = {},
                                          .error = "invalid_token",
                                          .error_description = "a \"b\\\r\nX: y",
                                          .scope = {},
                                          .resource_metadata = "https://x/y"};
    BOOST_TEST(
        challenge.text() ==
        R"(Bearer error="invalid_token", error_description="a \"b\\  X: y", resource_metadata="https://x/y")");
    BOOST_TEST(http::BearerChallenge{}.text() == "Bearer");
}
