#define BOOST_TEST_MODULE jsonrpc_tests
#include <boost/test/unit_test.hpp>

#include "jsonrpc/message.hpp"

using jsonrpc::json;
using jsonrpc::Message;

namespace {

Message read(const char* text) { return jsonrpc::read_message(jsonrpc::parse(text)); }

int code_of(const char* text) {
    try {
        read(text);
    } catch (const jsonrpc::Error& error) {
        return error.code();
    }
    return 0;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_message_with_method_and_id_is_a_request) {
    const auto message = read(R"({"jsonrpc":"2.0","id":"a","method":"ping","params":{"x":1}})");
    BOOST_TEST((message.kind == Message::Kind::request));
    BOOST_TEST(message.id == json("a"));
    BOOST_TEST(message.params == (json{{"x", 1}}));
}

BOOST_AUTO_TEST_CASE(absent_params_are_an_empty_object) {
    BOOST_TEST(read(R"({"jsonrpc":"2.0","id":1,"method":"ping"})").params == json::object());
}

BOOST_AUTO_TEST_CASE(a_message_without_id_is_a_notification) {
    BOOST_TEST((read(R"({"jsonrpc":"2.0","method":"n"})").kind == Message::Kind::notification));
}

BOOST_AUTO_TEST_CASE(a_message_without_method_is_a_response) {
    BOOST_TEST((read(R"({"jsonrpc":"2.0","id":1,"result":{}})").kind == Message::Kind::response));
    BOOST_TEST(read(R"({"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}})").error["code"] == -1);
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_a_parse_error) {
    for (const char* text : {"", "{", "{} {}", "\"\xff\"", "nul"}) {
        BOOST_TEST(code_of(text) == jsonrpc::parse_error, text);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_an_invalid_request) {
    for (const char* text :
         {"7", "[]", R"({"id":1,"method":"m"})", R"({"jsonrpc":"1.0","id":1,"method":"m"})",
          R"({"jsonrpc":"2.0","id":null,"method":"m"})", R"({"jsonrpc":"2.0","id":1.5,"method":"m"})",
          R"({"jsonrpc":"2.0","id":{},"method":"m"})", R"({"jsonrpc":"2.0","id":1,"method":7})",
          R"({"jsonrpc":"2.0","id":1,"method":"m","params":[]})", R"({"jsonrpc":"2.0","id":1})",
          R"({"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1}})", R"({"jsonrpc":"2.0","result":{}})",
          R"({"jsonrpc":"2.0","id":1,"error":{"code":"x"}})",
          R"({"jsonrpc":"2.0","id":1,"id":2,"method":"m"})"}) {
        BOOST_TEST(code_of(text) == jsonrpc::invalid_request, text);
    }
}

BOOST_AUTO_TEST_CASE(nesting_beyond_the_limit_is_an_invalid_request) {
    const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
    BOOST_TEST(code_of(deep.c_str()) == jsonrpc::invalid_request);
}

BOOST_AUTO_TEST_CASE(the_id_of_an_error_without_request_is_null) {
    const auto response = jsonrpc::error_response(nullptr, jsonrpc::Error{jsonrpc::parse_error, "no"});
    BOOST_TEST(response["id"].is_null());
    BOOST_TEST(!response["error"].contains("data"));
}

BOOST_AUTO_TEST_CASE(ids_are_kept_as_they_came) {
    BOOST_TEST(jsonrpc::result_response(3, json::object()).dump() ==
               R"({"id":3,"jsonrpc":"2.0","result":{}})");
    BOOST_TEST(jsonrpc::id_of(json{{"id", "x"}}) == json("x"));
    BOOST_TEST(jsonrpc::id_of(json{{"id", json::array({3})}}).is_null());
}
