#define BOOST_TEST_MODULE vault_tests
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "base/error.hpp"
#include "http_syntax/url.hpp"
#include "vault/connector.hpp"
#include "vault/connector_check.hpp"
#include "vault/decision.hpp"
#include "vault/origin.hpp"
#include "vault/placeholder.hpp"
#include "vault/service.hpp"

namespace {

const vault::ConnectorCatalog& shipped() {
    static const auto catalog = vault::ConnectorCatalog::load(GATEHOUSE_CONNECTORS);
    return catalog;
}

struct Folder {
    Folder() {
        std::string name = "/tmp/vault_tests.XXXXXX";
        path = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;

    std::string refusal_of(const std::string& text) const {
        std::ofstream{path / "example.json"} << text;
        try {
            vault::ConnectorCatalog::load(path);
        } catch (const base::Error& error) {
            return error.what();
        }
        return "";
    }
};

std::string connector(const std::string& injection, const std::string& rest = "") {
    return R"({"id":"example","title":"E","description":"","documentation":"","origins":["https://api.example.com"],
        "auth":[{"name":"a","description":"","secrets":[{"name":"token","description":""}],"injections":[)" +
           injection + "]}]" + rest + "}";
}

constexpr auto bearer = R"({"place":"header","name":"Authorization","value":"Bearer {token}"})";

template <class Action>
std::string code_of(Action action) {
    try {
        action();
    } catch (const base::Error& error) {
        return error.code();
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(connectors)

BOOST_AUTO_TEST_CASE(row_15_requests_that_show_or_make_secrets_are_denied_as_shipped) {
    const auto code = [](const char* connector, const char* method, const std::string& path) {
        const vault::RequestFacts facts{.method = method, .path = path, .body_bytes = 0, .agent = {}};
        return vault::decide({}, shipped().require(connector), facts).code;
    };
    struct Request {
        const char* connector;
        const char* method;
        const char* path;
    };
    for (const auto& request :
         {Request{"twilio", "GET", "/2010-04-01/Accounts/AC1"},
          Request{"twilio", "GET", "/2010-04-01/Accounts"},
          Request{"twilio", "POST", "/2010-04-01/Accounts/AC1/Keys"},
          Request{"gitlab", "POST", "/api/v4/projects/1/access_tokens"},
          Request{"gitlab", "POST", "/api/v4/groups/1/deploy_tokens"},
          Request{"github", "POST", "/app/installations/1/access_tokens"},
          Request{"openai", "POST", "/v1/realtime/client_secrets"},
          Request{"sendgrid", "POST", "/v3/api_keys"}, Request{"stripe", "POST", "/v1/ephemeral_keys"},
          Request{"slack", "GET", "/api/oauth.v2.access"}, Request{"datadog", "POST", "/api/v2/api_keys"},
          Request{"cloudflare", "POST", "/client/v4/user/tokens"},
          Request{"hubspot", "GET", "/oauth/v1/access-tokens/abc"},
          Request{"stripe", "POST", "/v1/webhook_endpoints"},
          Request{"openai", "POST", "/v1/organization/projects/p/service_accounts"},
          Request{"shopify", "GET", "/admin/api/2026-01/storefront_access_tokens"},
          Request{"microsoft_graph", "POST", "/beta/applications/1/addPassword"},
          Request{"zendesk", "POST", "/api/v2/api_tokens"},
          Request{"github", "POST", "/app-manifests/c/conversions"}}) {
        for (const auto* suffix : {"", "/", ".json", ".xml", ".json/"}) {
            const auto path = std::string{request.path} + suffix;
            BOOST_TEST(code(request.connector, request.method, path) == "secret_endpoint_denied", path);
        }
    }
    // Lists of what holds secrets, and every version of an API.
    for (const auto* path : {"/api/v4/projects/1/variables", "/api/v4/groups/1/variables/KEY",
                             "/api/v4/admin/ci/variables", "/api/v4/projects/1/triggers"})
        BOOST_TEST(code("gitlab", "GET", path) == "secret_endpoint_denied", path);
    for (const auto* path : {"/api/v10/channels/1/webhooks", "/api/v9/channels/1/webhooks",
                             "/api/channels/1/webhooks", "/api/v10/guilds/1/webhooks"})
        BOOST_TEST(code("discord", "GET", path) == "secret_endpoint_denied", path);
    BOOST_TEST(code("discord", "POST", "/api/v10/channels/1/messages") == "");
    BOOST_TEST(code("twilio", "GET", "/2010-04-01/Accounts/AC1/Messages.json") == "");
    BOOST_TEST(code("gitlab", "GET", "/api/v4/projects/1/access_tokens") == "");
    BOOST_TEST(code("github", "GET", "/user/keys") == "");
    BOOST_TEST(code("slack", "POST", "/api/chat.postMessage") == "");
}

BOOST_AUTO_TEST_CASE(every_shipped_file_is_valid) {
    BOOST_TEST(shipped().all().size() >= 21U);
    for (const auto* id :
         {"openai", "anthropic", "github", "gitlab", "stripe", "slack", "notion", "jira", "generic"})
        BOOST_TEST(shipped().find(id), id);
    for (const auto& one : shipped().all()) {
        BOOST_TEST(!one.description.empty(), one.id);
        BOOST_TEST(one.documentation.starts_with("https://"), one.id);
        BOOST_TEST((one.verify.has_value() || one.id == "generic" || one.id == "aws"), one.id);
    }
}

BOOST_AUTO_TEST_CASE(shipped_origins_are_https_and_never_wildcards) {
    for (const auto& one : shipped().all()) {
        for (const auto& origin : one.origins) {
            BOOST_TEST(origin.starts_with("https://"), origin);
            BOOST_TEST(origin.find('*') == std::string::npos, origin);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(a_file_that_contradicts_itself_is_refused, Folder) {
    BOOST_TEST(refusal_of(connector(bearer)) == "");
    for (const auto* injection : {R"({"place":"header","name":"Authorization","value":"Bearer {other}"})",
                                  R"({"place":"header","name":"Authorization","value":"Bearer"})",
                                  R"({"place":"header","name":"Host","value":"{token}"})",
                                  R"({"place":"header","name":"Bad Name","value":"{token}"})",
                                  R"({"place":"header","name":"Authorization","value":"{token"})",
                                  R"({"place":"basic","name":"","value":"{token}"})",
                                  R"({"place":"body","name":"","value":"{token}"})",
                                  R"({"place":"cookie","name":"x","value":"{token}"})",
                                  R"({"place":"query","name":"","value":"{token}"})"})
        BOOST_TEST(refusal_of(connector(injection)) != "", injection);
    for (const auto* rest :
         {R"(,"fixed_headers":{"Cookie":"x"})", R"(,"verify":{"method":"FETCH","path":"/","valid":[200]})",
          R"(,"verify":{"method":"GET","path":"/a/../b","valid":[200]})",
          R"(,"verify":{"method":"GET","path":"/","valid":[200],"invalid":[403]})",
          R"(,"verify":{"method":"GET","path":"/","valid":[200],"error_member":"error"})", R"(,"unknown":1)",
          R"(,"rate_limits":[{"bucket":"b","limit":"X-L","remaining":"","reset":"","unit":"epoch_s"}])"})
        BOOST_TEST(refusal_of(connector(bearer, rest)) != "", rest);
    BOOST_TEST(refusal_of("{") != "");
    BOOST_TEST(refusal_of(connector(bearer)) == "");
    std::filesystem::rename(path / "example.json", path / "other.json");
    BOOST_TEST(code_of([&] { vault::ConnectorCatalog::load(path); }) == "connector_invalid");
}

BOOST_AUTO_TEST_CASE(an_empty_folder_is_refused) {
    BOOST_TEST(code_of([] { vault::ConnectorCatalog::load("/nonexistent"); }) == "connector_invalid");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(what_a_template_puts_in_is_not_looked_at_again) {
    const std::string value = "{b}";
    const auto filled =
        vault::fill_in("<{a}{b}>", [&](const std::string& name) { return name == "a" ? &value : nullptr; });
    BOOST_TEST(filled == "<{b}{b}>");
    for (const auto* text : {"{", "}", "{}", "{A}", "{a{b}}", "a}b"})
        BOOST_TEST(code_of([&] { vault::placeholders_of(text); }) == "template_invalid", text);
}

BOOST_AUTO_TEST_CASE(settings_are_checked_by_kind) {
    const auto is_good = [](vault::SettingKind kind, const std::string& value) {
        return code_of([&] { vault::check_setting({"s", kind, "", {}}, value); }).empty();
    };
    using enum vault::SettingKind;
    BOOST_TEST(is_good(host_label, "acme-1"));
    for (const auto* value : {"", "a.b", "A", "-a", "a-", "a_b", "a/b", "*"})
        BOOST_TEST(!is_good(host_label, value), value);
    BOOST_TEST(is_good(host, "api.example.com"));
    for (const auto* value : {"localhost", "10.0.0.1", "a.b:1", "a.b/c", "*.b.c", "A.b"})
        BOOST_TEST(!is_good(host, value), value);
    BOOST_TEST(is_good(name, "X-Key"));
    for (const auto* value : {"Host", "content-length", "a b", "x\r\ny", ""})
        BOOST_TEST(!is_good(name, value), value);
    BOOST_TEST(is_good(pattern, "ApiKey {secret}"));
    for (const auto* value : {"ApiKey", "{secret}{secret}", "{other}", "a\n{secret}"})
        BOOST_TEST(!is_good(pattern, value), value);
}

BOOST_AUTO_TEST_CASE(an_origin_bounds_paths_at_a_segment) {
    const auto origin = vault::parse_origin("https://slack.com/api");
    const auto at = [&](const char* url) { return vault::is_at_origin(http_syntax::parse_url(url), origin); };
    BOOST_TEST(at("https://slack.com/api"));
    BOOST_TEST(at("https://slack.com/api/auth.test?x=1"));
    BOOST_TEST(!at("https://slack.com/apiary"));
    BOOST_TEST(!at("https://slack.com/"));
    BOOST_TEST(!at("http://slack.com/api"));
    BOOST_TEST(!at("https://slack.com:444/api"));
    BOOST_TEST(!at("https://evil.slack.com/api"));
}

BOOST_AUTO_TEST_CASE(secrets_are_read_whole_or_by_name) {
    const auto& bearer_method = shipped().require("github").auth_method("");
    BOOST_TEST(vault::read_secrets(bearer_method, base::Secret{"ghp_x y\n"}).at("token").reveal() ==
               "ghp_x y");
    const auto& twilio = shipped().require("twilio").auth_method("basic");
    const auto secrets = vault::read_secrets(twilio, base::Secret{"sid=AC1\r\ntoken=a=b\n"});
    BOOST_TEST(secrets.at("sid").reveal() == "AC1");
    BOOST_TEST(secrets.at("token").reveal() == "a=b");
    BOOST_TEST(code_of([&] { vault::read_secrets(twilio, base::Secret{"AC1"}); }) == "invalid_secret");
}
