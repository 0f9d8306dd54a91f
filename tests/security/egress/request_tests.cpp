#include <boost/test/unit_test.hpp>

#include "security/egress/fixture.hpp"

using test::secret;

BOOST_FIXTURE_TEST_SUITE(request, test::Fixture)

BOOST_AUTO_TEST_CASE(each_placement_reaches_the_upstream) {
    tenant.create_service("header", "header", "https://api.example.com", {{"header_name", "X-Key"}});
    tenant.create_service("query", "query", "https://api.example.com", {{"parameter", "token"}});
    tenant.create_service("basic", "basic");
    tenant.create_service("custom", "custom", "https://api.example.com", {{"pattern", "ApiKey {secret}!"}});
    // echoed secrets come back redacted, so /status tells whether the upstream saw the right one
    BOOST_TEST(header_seen(call(request("/echo")), "Authorization") == "Bearer [redacted];");
    BOOST_TEST(header_seen(call(request("/echo", "header")), "X-Key") == "[redacted];");
    BOOST_TEST(call(request("/echo?a=1", "query")).body_json.value()["target"] ==
               "/echo?a=1&token=[redacted]");
    BOOST_TEST(header_seen(call(request("/echo", "basic")), "Authorization") == "Basic [redacted];");
    BOOST_TEST(header_seen(call(request("/echo", "custom")), "Authorization") == "ApiKey [redacted];");
}

BOOST_AUTO_TEST_CASE(parameters_headers_and_bodies_arrive) {
    auto post = request("/echo?a=1", "api", "POST");
    post.params.emplace();
    post.params->emplace("q", "x y&z");
    post.params->emplace("list", egress_client::json::array({1, true, "s"}));
    post.headers = egress_client::Texts{{"X-Note", "hello"}};
    post.body_json = egress_client::json{{"n", 1}};
    const auto result = call(post);
    const auto& seen = result.body_json.value();
    BOOST_TEST(seen["method"] == "POST");
    BOOST_TEST(seen["target"] == "/echo?a=1&list=1&list=true&list=s&q=x%20y%26z");
    BOOST_TEST(seen["body"] == "{\"n\":1}");
    BOOST_TEST(header_seen(result, "X-Note") == "hello;");
    BOOST_TEST(header_seen(result, "Content-Type") == "application/json;");
}

BOOST_AUTO_TEST_CASE(row_10_line_breaks_and_methods_cannot_be_smuggled) {
    const auto before = world.accepted();
    auto smuggled = request("/echo");
    smuggled.headers = egress_client::Texts{{"X-Note", "a\r\nAuthorization: Bearer other"}};
    BOOST_TEST(outcome(smuggled) == "header_not_allowed");
    smuggled.headers = egress_client::Texts{{"X-Note: a\r\nX-Evil", "b"}};
    BOOST_TEST(outcome(smuggled) == "header_not_allowed");
    smuggled.headers = egress_client::Texts{{"X-Long", std::string(8193, 'x')}};
    BOOST_TEST(outcome(smuggled) == "header_not_allowed");
    for (const auto* method : {"GET /admin HTTP/1.1\r\nX:", "TRACE", "CONNECT", "get", "PROPFIND"})
        BOOST_TEST(outcome(request("/echo", "api", method)) == "method_not_allowed", method);
    BOOST_TEST(outcome("/echo\r\nX-Evil: 1") == "invalid_url");
    BOOST_TEST(world.accepted() == before);
}

BOOST_AUTO_TEST_CASE(row_11_what_belongs_to_connection_or_credential_cannot_be_set) {
    tenant.create_service("header", "header", "https://api.example.com", {{"header_name", "X-Key"}});
    tenant.create_service("query", "query", "https://api.example.com", {{"parameter", "token"}});
    const auto before = world.accepted();
    for (const auto* name : {"Authorization",
                             "aUTHORIZATION",
                             "Proxy-Authorization",
                             "Host",
                             "Cookie",
                             "Connection",
                             "Keep-Alive",
                             "TE",
                             "Trailer",
                             "Transfer-Encoding",
                             "Upgrade",
                             "Content-Length",
                             "Expect",
                             "Forwarded",
                             "X-Forwarded-For",
                             "X-Forwarded-Host",
                             "X-Real-IP",
                             "Via",
                             "X-HTTP-Method-Override",
                             "X-Original-URL",
                             "X-Rewrite-URL",
                             "Accept-Encoding"}) {
        auto override_it = request("/echo");
        override_it.headers = egress_client::Texts{{name, "x"}};
        BOOST_TEST(outcome(override_it) == "header_not_allowed", name);
    }
    auto own_key = request("/echo", "header");
    own_key.headers = egress_client::Texts{{"x-kEY", "attacker"}};
    BOOST_TEST(outcome(own_key) == "header_not_allowed");
    for (const auto* url : {"/echo?token=x", "/echo?TOKEN=x", "/echo?%74oken=x", "/echo?a=1&tok%65n",
                            "/echo?a;token=1", "/echo?%2574oken=x"})
        BOOST_TEST(outcome(request(url, "query")) == "parameter_not_allowed", url);
    auto parameter = request("/echo", "query");
    parameter.params.emplace().emplace("Token", "x");
    BOOST_TEST(outcome(parameter) == "parameter_not_allowed");
    BOOST_TEST(world.accepted() == before);
}

BOOST_AUTO_TEST_CASE(row_11_a_credential_of_the_callers_own_has_no_other_way_in) {
    const auto service_of = [&](const std::string& connector, const std::string& method, const char* field) {
        vault::NewService service;
        service.name = connector;
        service.connector = connector;
        service.auth_method = method;
        service.secrets.emplace(field, base::Secret{secret});
        tenant.create_service(std::move(service));
    };
    service_of("gitlab", "bearer", "token");
    service_of("gemini", "header", "key");
    const auto before = world.accepted();
    for (const auto* name : {"PRIVATE-TOKEN", "private-token", "Job-Token"}) {
        auto own = request("/api/v4/user", "gitlab");
        own.headers = egress_client::Texts{{name, "attacker"}};
        BOOST_TEST(outcome(own) == "header_not_allowed", name);
    }
    BOOST_TEST(outcome(request("/api/v4/user?private_token=attacker", "gitlab")) == "parameter_not_allowed");
    auto own = request("/v1/models", "gemini");
    own.params.emplace().emplace("KEY", "attacker");
    BOOST_TEST(outcome(own) == "parameter_not_allowed");
    const auto body_outcome = [&](const char* type, const char* body) {
        auto post = request("/api/v4/projects", "gitlab", "POST");
        post.headers = egress_client::Texts{{"Content-Type", type}};
        post.data = body;
        return outcome(post);
    };
    constexpr auto form = "application/x-www-form-urlencoded";
    for (const auto* body : {"private_token=a", "x=1&PRIVATE%5ftoken=a", "x=1;private_token",
                             "private_token[]=a", "x=1&%20private_token=a"})
        BOOST_TEST(body_outcome(form, body) == "parameter_not_allowed", body);
    for (const auto* type : {"application/json", "text/plain", "application/vnd.api+json; charset=utf-8"})
        BOOST_TEST(body_outcome(type, R"( {"n": 1, "Private\u005ftoken": "a"})") == "parameter_not_allowed",
                   type);
    BOOST_TEST(body_outcome("application/json", R"({"private_token": "a",})") == "json_malformed");
    for (const auto* part :
         {"--b\r\nContent-Disposition: form-data; name=\"private_token\"\r\n\r\na\r\n--b--",
          "--b\r\nContent-Disposition: form-data; NAME=private_token\r\n\r\na\r\n--b--"})
        BOOST_TEST(body_outcome("multipart/form-data; boundary=b", part) == "parameter_not_allowed", part);
    BOOST_TEST(world.accepted() == before);
}

BOOST_AUTO_TEST_CASE(row_16_placeholders_in_caller_text_stay_text) {
    auto expand = request("/echo?q={secret}", "api", "POST");
    expand.headers = egress_client::Texts{{"X-Note", "{secret} ${secret}"}};
    expand.data = "{secret}";
    const auto result = call(expand);
    const auto& seen = result.body_json.value();
    BOOST_TEST(seen["body"] == "{secret}");
    BOOST_TEST(seen["target"] == "/echo?q={secret}");
    BOOST_TEST(header_seen(result, "X-Note") == "{secret} ${secret};");
}

BOOST_AUTO_TEST_SUITE_END()
