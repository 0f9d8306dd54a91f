#define BOOST_TEST_MODULE answer_tests
#include <boost/test/unit_test.hpp>

#include "crypto/encoding.hpp"
#include "egress/answer.hpp"
#include "egress/bucket.hpp"
#include "egress/budget.hpp"
#include "egress/projection.hpp"
#include "egress/rate_limit.hpp"
#include "egress/status.hpp"
#include "egress/text.hpp"
#include "schema/json.hpp"

namespace {

constexpr auto secret = "tok/en+\"quoted\"=\\1234";
const base::Clock::time_point now{std::chrono::seconds{1800000000}};

redaction::Patterns patterns() {
    redaction::Patterns all;
    all.add(secret);
    all.prepare();
    return all;
}

http_client::Response response(int status, std::vector<std::pair<std::string, std::string>> fields,
                               std::string body = "") {
    return {.status = status, .fields = std::move(fields), .body = std::move(body), .truncated = false};
}

vault::Connector with_rule(const std::string& reset, vault::ResetUnit unit) {
    vault::Connector connector;
    connector.rate_limits.push_back({"b", "l", "r", reset, unit});
    return connector;
}

std::string reset_of(const std::string& text, vault::ResetUnit unit) {
    const auto limits = egress::rate_limits_of(response(200, {{"l", "10"}, {"r", "3"}, {"t", text}}),
                                               with_rule("t", unit), now, "");
    return limits.at(0).reset_at.value_or("none");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(result)

BOOST_AUTO_TEST_CASE(shows_useful_headers_alone) {
    const auto url = http_syntax::parse_url("https://api.example.com/");
    const auto shown = egress::result_of(response(200, {{"content-type", "text/plain"},
                                                        {"set-cookie", "a=b"},
                                                        {"server", "x"},
                                                        {"x-ratelimit-limit", "5"},
                                                        {"x-request-id", secret},
                                                        {"link", "<a>"},
                                                        {"link", "<b>"}}),
                                         url, patterns());
    BOOST_TEST(shown.headers.size() == 4U);
    BOOST_TEST(shown.headers.at("x-request-id") == "[redacted]");
    BOOST_TEST(shown.headers.at("link") == "<a>, <b>");
}

BOOST_AUTO_TEST_CASE(is_json_text_or_base64_as_the_bytes_are) {
    const auto url = http_syntax::parse_url("https://api.example.com/");
    const auto of = [&](const char* type, const std::string& body) {
        return egress::result_of(response(200, {{"content-type", type}}, body), url, patterns());
    };
    BOOST_TEST(of("application/vnd.api+json; charset=utf-8", "[1]").body_json.has_value());
    BOOST_TEST(of("application/json", "{\"a\":1,\"a\":2}").body.value() == "{\"a\":1,\"a\":2}");
    BOOST_TEST(of("application/json", "nope").body.value() == "nope");
    BOOST_TEST(of("text/plain", "gr\xc3\xbc\xc3\x9f").body.has_value());
    BOOST_TEST(of("image/png", "\x89PNG\xff").body_base64.value() == crypto::base64_of("\x89PNG\xff"));
    BOOST_TEST(!of("application/json", "").body.has_value());
    const auto deep = std::string(60, '[') + std::string(60, ']');
    BOOST_TEST(of("application/json", deep).body.value() == deep);
}

BOOST_AUTO_TEST_CASE(location_keeps_nothing_of_another_origin_but_its_name) {
    const auto url = http_syntax::parse_url("https://api.example.com/");
    const auto of = [&](const char* location) {
        return egress::result_of(response(302, {{"location", location}}), url, patterns())
            .headers.at("location");
    };
    BOOST_TEST(of("/next?page=2#x") == "/next?page=2");
    BOOST_TEST(of("https://api.example.com/next?page=2") == "https://api.example.com/next?page=2");
    BOOST_TEST(of("https://evil.example/take?code=1") == "https://evil.example/");
    BOOST_TEST(of("https://user:pw@api.example.com/") == "");
    BOOST_TEST(of("//evil.example/x") == "");
    BOOST_TEST(of("javascript:alert(1)") == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rate_limits)

BOOST_AUTO_TEST_CASE(resets_are_read_in_the_connectors_unit) {
    using enum vault::ResetUnit;
    const auto in_one_minute = base::rfc3339_of(now + std::chrono::minutes{1});
    BOOST_TEST(reset_of("1800000060", epoch_s) == in_one_minute);
    BOOST_TEST(reset_of("1800000060.0", epoch_float) == in_one_minute);
    BOOST_TEST(reset_of("1800000060000", epoch_ms) == in_one_minute);
    BOOST_TEST(reset_of("60", delta_s) == in_one_minute);
    BOOST_TEST(reset_of("60000", window_ms) == in_one_minute);
    BOOST_TEST(reset_of("1m0s", go_duration) == in_one_minute);
    BOOST_TEST(reset_of("59s1000ms", go_duration) == in_one_minute);
    BOOST_TEST(reset_of("2027-01-15T08:01:00Z", rfc3339) == in_one_minute);
    BOOST_TEST(reset_of("Fri, 15 Jan 2027 08:01:00 GMT", http_date) == in_one_minute);
    for (const auto* text : {"", "soon", "-5", "1e300", "nan", "6x", "s"}) {
        BOOST_TEST(reset_of(text, epoch_s) == "none", text);
        BOOST_TEST(reset_of(text, go_duration) == "none", text);
    }
}

BOOST_AUTO_TEST_CASE(customary_names_are_understood_without_a_rule) {
    const auto limits = egress::rate_limits_of(
        response(200,
                 {{"x-ratelimit-limit", "60"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "30"}}),
        {}, now, "");
    BOOST_TEST(limits.at(0).limit.value() == 60);
    BOOST_TEST(limits.at(0).reset_at.value() == base::rfc3339_of(now + std::chrono::seconds{30}));
}

BOOST_AUTO_TEST_CASE(a_time_that_the_clock_cannot_count_to_is_no_time) {
    using enum vault::ResetUnit;
    const auto now = base::Clock::now();
    for (const auto* date :
         {"Fri, 31 Dec 9999 23:59:59 GMT", "Sat, 01 Jan 2300 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 GMT"})
        BOOST_TEST(!egress::reset_time(date, http_date, now).has_value(), date);
    BOOST_TEST(!egress::reset_time("9999-12-31T23:59:59Z", rfc3339, now).has_value());
    for (const auto* text : {"99999999999999999999", "1e300"}) {
        for (const auto unit : {epoch_s, epoch_ms, epoch_float, delta_s, window_ms})
            BOOST_TEST(!egress::reset_time(text, unit, now).has_value(), text);
    }
    BOOST_TEST(!egress::reset_time("9999999999h", go_duration, now).has_value());
    http_client::Response answer;
    answer.status = 429;
    for (const auto* after : {"Fri, 31 Dec 9999 23:59:59 GMT", "99999999999999"}) {
        answer.fields = {{"retry-after", after}};
        BOOST_TEST(!egress::retry_at_of(answer, {}, now).has_value(), after);
    }
}

BOOST_AUTO_TEST_CASE(retry_after_is_a_delay_or_a_date_and_beats_the_reset) {
    const auto at = [&](std::vector<std::pair<std::string, std::string>> fields, int status = 429) {
        const auto answer = response(status, std::move(fields));
        return egress::retry_at_of(answer, egress::rate_limits_of(answer, {}, now, ""), now).value_or("none");
    };
    BOOST_TEST(at({{"retry-after", "60"}}) == base::rfc3339_of(now + std::chrono::minutes{1}));
    BOOST_TEST(at({{"retry-after", "Fri, 15 Jan 2027 08:01:00 GMT"}}) ==
               base::rfc3339_of(now + std::chrono::minutes{1}));
    BOOST_TEST(at({{"ratelimit-remaining", "0"}, {"ratelimit-reset", "60"}}) ==
               base::rfc3339_of(now + std::chrono::minutes{1}));
    BOOST_TEST(at({{"ratelimit-remaining", "0"}, {"ratelimit-reset", "60"}}, 200) == "none");
    BOOST_TEST(at({}) == "none");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(only_a_401_or_the_connectors_word_makes_a_credential_invalid) {
    vault::Connector slack;
    slack.verify = vault::Verification{"POST", "/api/auth.test", {}, {200}, {401}, "ok"};
    const auto of = [](int status, const char* json) {
        egress_client::CallResult result;
        result.status = status;
        if (*json) result.body_json = schema::parse(json);
        return result;
    };
    for (const int status : {302, 400, 403, 404, 429, 500, 503}) {
        BOOST_TEST(!egress::heard_in_passing(of(status, ""), {}).has_value(), status);
        BOOST_TEST(!egress::heard_from_probe(of(status, ""), *slack.verify).has_value(), status);
    }
    BOOST_TEST(egress::heard_in_passing(of(204, ""), {}).value());
    BOOST_TEST(!egress::heard_in_passing(of(401, ""), {}).value());
    BOOST_TEST(!egress::heard_in_passing(of(200, R"({"ok":false})"), slack).has_value());
    BOOST_TEST(egress::heard_in_passing(of(200, R"({"ok":true})"), slack).value());
    BOOST_TEST(!egress::heard_from_probe(of(200, R"({"ok":false})"), *slack.verify).value());
    BOOST_TEST(!egress::heard_from_probe(of(200, R"({"ok":1})"), *slack.verify).has_value());
}

BOOST_AUTO_TEST_CASE(a_projection_shows_what_its_pointers_name_and_nothing_else) {
    const auto of = [](const char* text, const std::vector<std::string>& pointers) {
        return schema::dump(egress::projection_of(schema::parse(text), pointers));
    };
    constexpr auto text = R"({"a":1,"b":{"c":[{"d":1,"e":2},{"d":3}],"f/g~h":4},"t":"secret"})";
    BOOST_TEST(of(text, {"/a"}) == R"({"a":1})");
    BOOST_TEST(of(text, {"/b/c/*/d", "/a"}) == R"({"a":1,"b":{"c":[{"d":1},{"d":3}]}})");
    BOOST_TEST(of(text, {"/b/c/1"}) == R"({"b":{"c":[{"d":3}]}})");
    BOOST_TEST(of(text, {"/b/f~1g~0h"}) == R"({"b":{"f/g~h":4}})");
    BOOST_TEST(of(text, {"/a/x", "/missing"}) == "null");
    BOOST_TEST(of("\"secret\"", {"/a"}) == "null");
    egress_client::CallResult result;
    result.body = "secret";
    egress::project(result, {"/a"});
    BOOST_TEST(!result.body.has_value());
    BOOST_TEST(result.withheld.has_value());
}

namespace {

vault::Connector with_buckets() {
    vault::Connector connector;
    vault::RateRule rule{"core", "l", "r", "t", vault::ResetUnit::epoch_s};
    rule.bucket_header = "b";
    rule.buckets = {{"search", {"GET /search/**"}}, {"core", {"* /repos/**"}}};
    connector.rate_limits = {{"all", "la", "ra", "ta", vault::ResetUnit::epoch_s}, rule};
    return connector;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_bucket_is_the_one_that_the_answer_names) {
    auto connector = with_buckets();
    const auto bucket = [&](const std::string& named, const char* counted) {
        const auto answer = response(200, {{"b", named}});
        return egress::bucket_of(connector.rate_limits[1], answer, counted);
    };
    BOOST_TEST(bucket("graphql", "GET /search/x") == "graphql");
    BOOST_TEST(bucket("", "GET /search/x") == "search");
    BOOST_TEST(bucket("", "GET /other") == "core");
    BOOST_TEST(bucket(std::string(65, 'x'), "GET /search/x") == "search");
    BOOST_TEST(bucket("a b", "GET /search/x") == "search");
    connector.rate_limits[1].per_request = true;
    BOOST_TEST(bucket("a", "GET /x") == "a GET /x");
    BOOST_TEST(egress::is_named(connector, "a GET /x"));
    BOOST_TEST(!egress::is_named(connector, "all"));
    BOOST_TEST(!egress::is_named({}, "requests"));
}

BOOST_AUTO_TEST_CASE(a_calls_bucket_is_learned_from_the_same_request_alone) {
    const auto connector = with_buckets();
    const auto service = vault::ServiceId::create();
    egress::Buckets buckets;
    BOOST_TEST(buckets.find(connector, service, "GET /search/x") == "search");
    BOOST_TEST(buckets.find(connector, service, "GET /other") == "");
    buckets.learn(connector, service, "GET /other", response(200, {{"b", "odd"}}));
    buckets.learn(connector, service, "GET /search/x", response(200, {{"b", "code"}}));
    BOOST_TEST(buckets.find(connector, service, "GET /other") == "odd");
    BOOST_TEST(buckets.find(connector, service, "GET /search/x") == "code");
    BOOST_TEST(buckets.find(connector, service, "GET /search/y") == "search");
    BOOST_TEST(buckets.find(connector, vault::ServiceId::create(), "GET /other") == "");
}

BOOST_AUTO_TEST_CASE(patience_is_for_the_bucket_that_is_used_up_or_for_all) {
    egress_client::CallResult result;
    result.status = 429;
    result.retry_at = "2027-01-15T08:00:00.000Z";
    result.rate_limits = {{"search", 30, 0, {}}};
    auto limits = egress::budget_limits_of(result, with_buckets());
    BOOST_TEST_REQUIRE(limits.size() == 1U);
    BOOST_TEST(limits[0].is_named);
    BOOST_TEST(limits[0].reset_at.value() == *result.retry_at);
    result.rate_limits = {{"search", 30, 7, {}}};
    limits = egress::budget_limits_of(result, with_buckets());
    BOOST_TEST_REQUIRE(limits.size() == 2U);
    BOOST_TEST(limits[1].bucket == "retry_after");
    BOOST_TEST(!limits[1].is_named);
}

BOOST_AUTO_TEST_CASE(a_call_that_is_asked_for_patience_uses_the_budget_up) {
    egress_client::CallResult result;
    result.status = 429;
    result.retry_at = "2027-01-15T08:00:00.000Z";
    result.rate_limits = {{"requests", 60, 12, "2027-01-15T08:01:00.000Z"}, {"tokens", 9, {}, {}}};
    vault::Connector connector;
    connector.rate_limits.push_back({"requests", "l", "r", "t", {}, 3});
    const auto limits = egress::budget_limits_of(result, connector);
    BOOST_TEST_REQUIRE(limits.size() == 2U);
    BOOST_TEST(limits[0].remaining == 12);
    BOOST_TEST(limits[0].per_call == 3);
    BOOST_TEST(limits[1].remaining == 0);
    BOOST_TEST(limits[1].reset_at.value() == *result.retry_at);
    egress::Settlement settlement;
    settlement.take(limits[0]);
    settlement.take({"requests", 60, 14, 1, limits[0].reset_at});
    BOOST_TEST(settlement.limits.at("requests").remaining == 12);
    settlement.take({"requests", 60, 59, 1, "2027-01-15T08:02:00.000Z"});
    BOOST_TEST(settlement.limits.at("requests").remaining == 59);
}
