#define BOOST_TEST_MODULE mcp_header_tests
#include <boost/test/unit_test.hpp>

#include "mcp/error.hpp"
#include "mcp/headers.hpp"
#include "mcp/origin.hpp"

using nlohmann::json;

namespace {

http::Request request_with(std::vector<std::pair<std::string, std::string>> fields) {
    http::Request request;
    request.method = http::Method::post;
    request.fields = std::move(fields);
    return request;
}

jsonrpc::Message tool_call(const std::string& name) {
    jsonrpc::Message message;
    message.id = 1;
    message.method = "tools/call";
    message.params = json{{"name", name}};
    return message;
}

template <class Check>
int code_of(Check check) {
    try {
        check();
    } catch (const mcp::MalformedRequest& error) {
        return error.code();
    }
    return 0;
}

int standard(const std::string& name, std::vector<std::pair<std::string, std::string>> fields) {
    return code_of([&] { mcp::check_standard_headers(request_with(std::move(fields)), tool_call(name)); });
}

const json schema{
    {"type", "object"},
    {"properties",
     {{"region", {{"type", "string"}, {"x-mcp-header", "Region"}}},
      {"level", {{"type", "integer"}, {"x-mcp-header", "Level"}}},
      {"dry", {{"type", "boolean"}, {"x-mcp-header", "Dry"}}},
      {"inner",
       {{"type", "object"}, {"properties", {{"id", {{"type", "string"}, {"x-mcp-header", "Id"}}}}}}}}}};

int parameters(const json& arguments, std::vector<std::pair<std::string, std::string>> fields) {
    return code_of([&] { mcp::check_parameter_headers(request_with(std::move(fields)), schema, arguments); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_host_may_be_named_with_the_default_port) {
    base::Config config;
    config.public_url = "https://gate.example.com";
    const mcp::Origins origins{config};
    const auto is_served = [&](const char* host) {
        try {
            origins.check(request_with({{"host", host}}));
            return true;
        } catch (const base::Error&) {
            return false;
        }
    };
    BOOST_TEST(is_served("gate.example.com"));
    BOOST_TEST(is_served("Gate.Example.com:443"));
    BOOST_TEST(!is_served("gate.example.com:8443"));
    BOOST_TEST(!is_served("evil.example.com:443"));
    config.public_url = "https://gate.example.com:8443";
    BOOST_CHECK_THROW(mcp::Origins{config}.check(request_with({{"host", "gate.example.com:8443:443"}})),
                      base::Error);
}

BOOST_AUTO_TEST_CASE(headers_that_repeat_the_body_pass) {
    BOOST_TEST(standard("t", {{"mcp-method", "tools/call"}, {"mcp-name", "t"}}) == 0);
    BOOST_TEST(standard("t", {{"mcp-method", "tools/call"}, {"mcp-name", "  t\t"}}) == 0);
    BOOST_TEST(standard("\xc3\xa9", {{"mcp-method", "tools/call"}, {"mcp-name", "=?base64?w6k=?="}}) == 0);
}

BOOST_AUTO_TEST_CASE(headers_that_differ_from_the_body_are_refused) {
    BOOST_TEST(standard("t", {{"mcp-name", "t"}}) == mcp::header_mismatch);
    BOOST_TEST(standard("t", {{"mcp-method", "tools/call"}}) == mcp::header_mismatch);
    BOOST_TEST(standard("t", {{"mcp-method", "Tools/Call"}, {"mcp-name", "t"}}) == mcp::header_mismatch);
    BOOST_TEST(standard("t", {{"mcp-method", "tools/call"}, {"mcp-name", "u"}}) == mcp::header_mismatch);
    BOOST_TEST(standard("t", {{"mcp-method", "tools/call"}, {"mcp-name", "=?base64?!?="}}) ==
               mcp::header_mismatch);
}

BOOST_AUTO_TEST_CASE(a_wrapped_value_is_decoded_and_half_a_wrapping_is_literal) {
    BOOST_TEST(mcp::decode_header_value("=?base64?SGVsbG8=?=").value() == "Hello");
    BOOST_TEST(mcp::decode_header_value("=?base64?SGVsbG8=").value() == "=?base64?SGVsbG8=");
    BOOST_TEST(mcp::decode_header_value("SGVsbG8=?=").value() == "SGVsbG8=?=");
    BOOST_TEST(mcp::decode_header_value("=?BASE64?SGVsbG8=?=").value() == "=?BASE64?SGVsbG8=?=");
    BOOST_TEST(!mcp::decode_header_value("=?base64?SGVsbG8?=").has_value());
    BOOST_TEST(!mcp::decode_header_value("=?base64?SGVs bG8=?=").has_value());
}

BOOST_AUTO_TEST_CASE(parameters_are_compared_by_their_type) {
    BOOST_TEST(parameters({{"region", "eu"}}, {{"mcp-param-region", "eu"}}) == 0);
    BOOST_TEST(parameters({{"level", 42}}, {{"mcp-param-level", "42.0"}}) == 0);
    BOOST_TEST(parameters({{"dry", true}}, {{"mcp-param-dry", "true"}}) == 0);
    BOOST_TEST(parameters({{"dry", true}}, {{"mcp-param-dry", "True"}}) == mcp::header_mismatch);
    BOOST_TEST(parameters({{"region", "eu"}}, {{"mcp-param-region", "us"}}) == mcp::header_mismatch);
    BOOST_TEST(parameters({{"inner", {{"id", "x"}}}}, {{"mcp-param-id", "x"}}) == 0);
    BOOST_TEST(parameters({{"inner", {{"id", "x"}}}}, {}) == mcp::header_mismatch);
}

BOOST_AUTO_TEST_CASE(a_parameter_header_is_needed_exactly_when_there_is_a_value) {
    BOOST_TEST(parameters(json::object(), {}) == 0);
    BOOST_TEST(parameters({{"region", nullptr}}, {}) == 0);
    BOOST_TEST(parameters({{"region", "eu"}}, {}) == mcp::header_mismatch);
    BOOST_TEST(parameters(json::object(), {{"mcp-param-region", "eu"}}) == mcp::header_mismatch);
    BOOST_TEST(parameters(json::object(), {{"mcp-param-unknown", "eu"}}) == 0);
}
