#define BOOST_TEST_MODULE fastcgi_tests
#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "fastcgi/decode.hpp"
#include "fastcgi/encode.hpp"

namespace bdata = boost::unit_test::data;

namespace {

using Texts = std::vector<const char*>;

http::Request decode(Texts parameters, std::string body = {}) {
    parameters.push_back(nullptr);
    return fastcgi::decode(parameters.data(), {.bytes = std::move(body), .is_drained = true});
}

std::string refusal_of(const Texts& parameters, const std::string& body = {}) {
    try {
        decode(parameters, body);
    } catch (const base::Error& error) {
        return error.code();
    }
    return "";
}

fastcgi::Body read(std::size_t size, std::size_t announced) {
    return fastcgi::read_body(
        [&size](char* buffer, std::size_t wish) {
            const auto count = std::min(wish, size);
            std::fill_n(buffer, count, 'x');
            size -= count;
            return count;
        },
        announced);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(decoding)

BOOST_AUTO_TEST_CASE(reads_what_nginx_passes) {
    const auto request = decode({"REQUEST_METHOD=POST", "DOCUMENT_URI=/v1/demo", "SCRIPT_NAME=/other",
                                 "QUERY_STRING=a=b=c", "CONTENT_TYPE=text/plain", "CONTENT_LENGTH=2",
                                 "REMOTE_ADDR=::1", "HTTP_MCP_NAME=x=y", "HTTP_CONTENT_LENGTH=2", "ODD"},
                                "hi");
    BOOST_TEST((request.method == http::Method::post));
    BOOST_TEST(request.path == "/v1/demo");
    BOOST_TEST(request.query == "a=b=c");
    BOOST_TEST(request.body == "hi");
    BOOST_TEST(request.remote_address == "::1");
    BOOST_TEST(request.field("content-type") == "text/plain");
    BOOST_TEST(request.field("mcp-name") == "x=y");
}

BOOST_AUTO_TEST_CASE(joins_script_name_and_path_info_for_plain_cgi) {
    BOOST_TEST(decode({"SCRIPT_NAME=/cgi-bin/rest", "PATH_INFO=/a"}).path == "/cgi-bin/rest/a");
}

BOOST_AUTO_TEST_CASE(takes_an_empty_parameter_for_an_absent_field) {
    const auto request = decode({"CONTENT_TYPE=", "CONTENT_LENGTH="});
    BOOST_TEST(request.fields.empty());
}

BOOST_AUTO_TEST_CASE(drops_the_proxy_field) { BOOST_TEST(decode({"HTTP_PROXY=http://evil"}).fields.empty()); }

const std::vector<std::pair<std::string, Texts>> refused{
    {"repeated_field", {"HTTP_A=1", "HTTP_A=1"}},
    {"repeated_field", {"HTTP_A=", "HTTP_A=2"}},
    {"repeated_field", {"HTTP_CONTENT_TYPE=a/b", "HTTP_CONTENT_TYPE=a/b"}},
    {"repeated_field", {"HTTP_CONTENT_TYPE=a/b", "CONTENT_TYPE=a/c"}},
    {"repeated_field", {"REQUEST_METHOD=GET", "REQUEST_METHOD=POST"}},
    {"invalid_field", {"HTTP_A=1\nB"}},
    {"invalid_field", {"CONTENT_LENGTH=x"}},
    {"invalid_field", {"CONTENT_LENGTH=-1"}},
    {"incomplete_body", {"CONTENT_LENGTH=3"}},
};

BOOST_AUTO_TEST_CASE(refuses_what_two_readers_could_read_differently) {
    for (const auto& [code, parameters] : refused) BOOST_TEST(refusal_of(parameters) == code);
    BOOST_TEST(refusal_of({"CONTENT_LENGTH=1"}, "ab") == "incomplete_body");
}

BOOST_AUTO_TEST_CASE(refuses_hundreds_of_fields) {
    std::vector<std::string> names;
    names.reserve(201);
    for (int i = 0; i < 201; ++i) names.push_back("HTTP_F" + std::to_string(i) + "=1");
    Texts parameters;
    parameters.reserve(names.size());
    for (const auto& name : names) parameters.push_back(name.c_str());
    BOOST_TEST(refusal_of(parameters) == "too_many_fields");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(bodies)

BOOST_DATA_TEST_CASE(are_read_whole_with_and_without_a_length,
                     bdata::make({std::size_t{0}, std::size_t{1}, std::size_t{1024}, std::size_t{1025},
                                  std::size_t{5000000}, fastcgi::max_body_size}),
                     size) {
    for (const auto announced : {size, std::size_t{0}}) {
        const auto body = read(size, announced);
        BOOST_TEST(body.bytes.size() == size);
        BOOST_TEST(std::all_of(body.bytes.begin(), body.bytes.end(), [](char c) { return c == 'x'; }));
        BOOST_TEST(!body.is_too_large);
        BOOST_TEST(body.is_drained);
    }
}

BOOST_AUTO_TEST_CASE(over_the_limit_are_dropped_and_drained_within_reason) {
    const auto over = read(fastcgi::max_body_size + 1, 0);
    BOOST_TEST(over.is_too_large);
    BOOST_TEST(over.is_drained);
    BOOST_TEST(over.bytes.empty());
    BOOST_TEST(!read(std::size_t{200} << 20, 0).is_drained);
}

BOOST_AUTO_TEST_CASE(over_the_limit_are_refused_as_too_large) {
    const Texts none{nullptr};
    BOOST_CHECK_EXCEPTION(
        fastcgi::decode(none.data(), {.bytes = {}, .is_too_large = true, .is_drained = true}), base::Error,
        [](const base::Error& error) { return error.reason() == base::Reason::too_large; });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(encoding)

BOOST_AUTO_TEST_CASE(writes_status_fields_and_length) {
    BOOST_TEST(fastcgi::encode_head(404, {{"X-A", "b"}, {"content-length", "99"}}, 3) ==
               "Status: 404 Not Found\r\nX-A: b\r\nContent-Length: 3\r\n\r\n");
    BOOST_TEST(fastcgi::encode_head(204, {}, 0) == "Status: 204 No Content\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(refuses_fields_that_would_split_the_answer_or_steer_nginx) {
    const http::Fields wrong{
        {"X", "a\r\nY: b"}, {"X", std::string("a\0b", 3)}, {"X Y", "a"},           {"", "a"}, {"X:", "a"},
        {"STATUS", "500"},  {"X-Accel-Redirect", "/etc"},  {"Connection", "close"}};
    for (const auto& field : wrong) BOOST_CHECK_THROW(fastcgi::encode_head(200, {field}, 0), base::Error);
    BOOST_CHECK_THROW(fastcgi::encode_head(99, {}, 0), base::Error);
}

BOOST_AUTO_TEST_SUITE_END()
