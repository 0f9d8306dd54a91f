#define BOOST_TEST_MODULE rest_tests
#include <boost/test/unit_test.hpp>
#include <set>

#include "base/error.hpp"
#include "rest/arguments.hpp"
#include "rest/mirror.hpp"
#include "rest/openapi.hpp"
#include "rest/route.hpp"
#include "tools/catalogue.hpp"

using nlohmann::json;

namespace {

http::Request request(http::Method method, const std::string& query, const std::string& body) {
    http::Request request{.method = method, .query = query, .body = body};
    if (!body.empty()) request.fields.emplace_back("content-type", "application/json; charset=utf-8");
    return request;
}

std::string refusal_of(const tool::Tool& tool, const http::Request& request) {
    try {
        rest::arguments_of(tool, request, {});
    } catch (const base::Error& error) {
        return error.code();
    }
    return "accepted";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(route)

BOOST_AUTO_TEST_CASE(a_parameter_takes_one_segment) {
    const auto arguments = rest::match("/services/{service_name}/call", "/services/github/call");
    BOOST_REQUIRE(arguments.has_value());
    BOOST_TEST(arguments->front().first == "service_name");
    BOOST_TEST(arguments->front().second == "github");
}

BOOST_AUTO_TEST_CASE(anything_more_or_less_does_not_match) {
    for (const auto* path :
         {"/services//call", "/services/call", "/services/a/b/call", "/services/a/call/", "", "/"}) {
        BOOST_TEST(!rest::match("/services/{service_name}/call", path).has_value(), path);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(arguments)

BOOST_AUTO_TEST_CASE(path_body_and_header_come_together) {
    auto post = request(http::Method::post, "", R"({"method":"GET","url":"/user"})");
    post.fields.emplace_back("idempotency-key", "01890a5d-ac96-774b-bcce-b302099a8057");
    const json expected{{"method", "GET"},
                        {"url", "/user"},
                        {"service_name", "github"},
                        {"idempotency_key", "01890a5d-ac96-774b-bcce-b302099a8057"}};
    BOOST_TEST(rest::arguments_of(tools::call_service(), post, {{"service_name", "github"}}) == expected);
}

BOOST_AUTO_TEST_CASE(the_same_argument_twice_is_refused) {
    const auto twice = request(http::Method::post, "", R"({"service_name":"other"})");
    BOOST_CHECK_THROW(rest::arguments_of(tools::call_service(), twice, {{"service_name", "github"}}),
                      base::Error);
    BOOST_TEST(refusal_of(tools::list_services(),
                          request(http::Method::get, "connector=a&connector=b", "")) == "invalid_arguments");
}

BOOST_AUTO_TEST_CASE(a_body_of_another_type_or_shape_is_refused) {
    auto text = request(http::Method::post, "", "{}");
    text.fields.front().second = "text/plain";
    BOOST_TEST(refusal_of(tools::call_service(), text) == "content_type_unsupported");
    BOOST_TEST(refusal_of(tools::call_service(), request(http::Method::post, "", "[]")) ==
               "invalid_arguments");
    BOOST_TEST(refusal_of(tools::call_service(), request(http::Method::post, "", "{")) == "json_malformed");
    BOOST_TEST(refusal_of(tools::list_services(), request(http::Method::get, "a=%zz", "")) ==
               "invalid_arguments");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(catalogue)

BOOST_AUTO_TEST_CASE(names_and_routes_are_unique_and_of_the_agreed_form) {
    std::set<std::string> names;
    std::set<std::pair<http::Method, std::string>> routes;
    for (const auto& tool : tools::rest_catalogue()) {
        BOOST_TEST(names.insert(tool.name).second, tool.name);
        BOOST_TEST(routes.insert({tool.route.method, tool.route.path}).second, tool.name);
        BOOST_TEST(tool.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos);
        BOOST_TEST(!tool.description.empty());
    }
}

BOOST_AUTO_TEST_CASE(what_reads_is_a_get_and_what_writes_is_none) {
    for (const auto& tool : tools::rest_catalogue()) {
        const bool is_get = tool.route.method == http::Method::get;
        const bool needs_a_body = tool.name == "explain_call";
        BOOST_TEST((tool.effect.read_only == is_get || needs_a_body), tool.name);
    }
}

BOOST_AUTO_TEST_CASE(every_path_parameter_is_a_required_argument) {
    for (const auto& tool : tools::rest_catalogue()) {
        const auto open = tool.route.path.find('{');
        if (open == std::string::npos) continue;
        const auto name = tool.route.path.substr(open + 1, tool.route.path.find('}') - open - 1);
        const auto& required = tool.input_schema["required"];
        BOOST_TEST((std::find(required.begin(), required.end(), name) != required.end()), tool.name);
    }
}

BOOST_AUTO_TEST_CASE(no_agent_tool_takes_a_secret) {
    for (const auto& tool : tools::catalogue()) BOOST_TEST(tool.secret_arguments.empty(), tool.name);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(openapi_describes_every_tool_once) {
    const auto document = rest::openapi(tools::rest_catalogue(), "https://gate.example.com");
    std::set<std::string> operations;
    for (const auto& [path, methods] : document["paths"].items()) {
        for (const auto& [method, operation] : methods.items()) {
            operations.insert(operation["operationId"].get<std::string>());
            BOOST_TEST(operation["responses"].contains("200"));
        }
    }
    BOOST_TEST(operations.size() == tools::rest_catalogue().size());
    const auto& call = document["paths"]["/services/{service_name}/call"]["post"];
    const auto& body = call["requestBody"]["content"]["application/json"]["schema"];
    BOOST_TEST(!body["properties"].contains("service_name"), "it is in the path");
    BOOST_TEST(body["required"] == json({"method", "url"}));
}

BOOST_AUTO_TEST_CASE(failures_are_problems_with_the_exact_status) {
    const auto status_of = [](base::Reason reason, const char* code) {
        return rest::render_error(base::Error{reason, code, "message"}).status;
    };
    BOOST_TEST(status_of(base::Reason::invalid_input, "invalid_arguments") == 422);
    BOOST_TEST(status_of(base::Reason::invalid_input, "method_not_allowed_here") == 405);
    BOOST_TEST(status_of(base::Reason::invalid_input, "content_type_unsupported") == 415);
    BOOST_TEST(status_of(base::Reason::invalid_input, "json_malformed") == 400);
    BOOST_TEST(status_of(base::Reason::not_found, "service_not_found") == 404);
}
