#define BOOST_TEST_MODULE egress_tests
#include <boost/test/unit_test.hpp>
#include <thread>

#include "base/error.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/key_file.hpp"
#include "egress/outgoing.hpp"
#include "egress/upstream.hpp"
#include "schema/json.hpp"
#include "security/world.hpp"
#include "support/database.hpp"
#include "vault/service.hpp"
#include "vault_keys/workspace_key.hpp"

using egress_client::CallRequest;
using egress_client::CallResult;
using test::World;

namespace {

constexpr auto secret = "s3cret/with+odd=chars-0123456789";

struct Deployment {
    World world;
    test::Database database;
    base::Config config;
    std::optional<vault::ConnectorCatalog> connectors;
    std::optional<vault_keys::KeyEncryption> key_encryption;

    Deployment() {
        config.database = database.config();
        config.database.pool = 8;
        config.keys.vault = world.folder() / "vault.key";
        config.egress.ca = world.ca();
        config.egress.connectors = GATEHOUSE_CONNECTORS;
        crypto::create_key_file(config.keys.vault);
        connectors = vault::ConnectorCatalog::load(config.egress.connectors);
        key_encryption.emplace(config.keys.vault);
        the = this;
    }
    static inline Deployment* the = nullptr;
};
BOOST_TEST_GLOBAL_FIXTURE(Deployment);

std::string quoted(const std::string& text) { return "'" + text + "'"; }

/// A workspace with a key pair, an API key and services.
struct Tenant {
    Deployment& deployment = *Deployment::the;
    test::Database::Tenant ids = deployment.database.create_tenant();
    db::Database operator_database = deployment.database.as("gatehouse_operator");
    db::Autocommit session{operator_database, db::Scope{ids.workspace.uuid()}};
    egress::Caller caller = create_key("mcp.write");

    Tenant() { vault_keys::create_workspace_keys(session, ids.workspace, *deployment.key_encryption); }

    egress::Caller create_key(const std::string& scopes) const {
        const auto id = auth::KeyId::create();
        const auto proof = crypto::sha256(id.text());
        deployment.database.arrange(
            "INSERT INTO auth.api_key (workspace_id, id, user_id, name, secret_sha256, scopes) VALUES (" +
            quoted(ids.workspace.uuid().text()) + ',' + quoted(id.uuid().text()) + ',' +
            quoted(ids.user.uuid().text()) + ",'test', decode('" + crypto::hex_of(proof) + "', 'hex'), '{" +
            scopes + "}')");
        return {ids.workspace, id, proof};
    }

    vault::Service create_service(const std::string& name, const std::string& method = "bearer",
                                  const std::string& origin = "https://api.example.com",
                                  std::map<std::string, std::string> settings = {}, bool revealable = false) {
        vault::NewService request;
        request.name = name;
        request.connector = "generic";
        request.auth_method = method;
        request.origins = {origin};
        request.settings = std::move(settings);
        request.revealable = revealable;
        if (method == "basic") {
            request.secrets.emplace("username", base::Secret{"agent"});
            request.secrets.emplace("password", base::Secret{secret});
        } else {
            request.secrets.emplace("secret", base::Secret{secret});
        }
        return vault::create_service(session, ids.workspace, *deployment.connectors, std::move(request));
    }
};

struct Fixture {
    Deployment& deployment = *Deployment::the;
    World& world = deployment.world;
    egress::Upstream upstream{deployment.config, world.resolver()};
    Tenant tenant;

    Fixture() { tenant.create_service("api"); }

    static CallRequest request(const std::string& url, const std::string& service = "api",
                               const std::string& method = "GET") {
        CallRequest call;
        call.service_name = service;
        call.method = method;
        call.url = url;
        return call;
    }
    CallResult call(const CallRequest& call) { return upstream.call(tenant.caller, call, {}); }

    std::string outcome(const egress::Caller& caller, const CallRequest& call) {
        try {
            return std::to_string(upstream.call(caller, call, {}).status);
        } catch (const base::Error& error) {
            BOOST_TEST(std::string{error.what()}.find(secret) == std::string::npos);
            return error.code();
        }
    }
    std::string outcome(const CallRequest& call) { return outcome(tenant.caller, call); }
    std::string outcome(const std::string& url) { return outcome(request(url)); }

    static std::string header_seen(const CallResult& result, const std::string& name) {
        std::string values;
        for (const auto& pair : result.body_json.value()["headers"]) {
            if (pair[0] == name) values += pair[1].get<std::string>() + ";";
        }
        return values;
    }
};

template <class Action>
std::string code_of(Action action) {
    try {
        action();
        return "";
    } catch (const base::Error& error) {
        return error.code();
    }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(calls, Fixture)

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

BOOST_AUTO_TEST_CASE(row_01_another_host_scheme_or_port_is_refused_before_anything_is_sent) {
    world.names["other.example.com"] = {World::public_v4};
    const auto before = world.accepted();
    for (const auto* url : {"https://other.example.com/echo", "https://api.example.com:8443/echo",
                            "http://api.example.com/echo", "https://api.example.com.other.example.com/echo"})
        BOOST_TEST(outcome(url) == "origin_not_allowed", url);
    for (const auto* url :
         {"https://api.example.com@other.example.com/", "//other.example.com/echo", "echo", ""})
        BOOST_TEST((outcome(url) == "invalid_url" || outcome(url) == "path_not_allowed"), url);
    BOOST_TEST(world.accepted() == before);
    BOOST_TEST(outcome("https://API.example.com.:443/echo") == "200");
}

BOOST_AUTO_TEST_CASE(row_02_wildcard_origins_and_odd_labels_cannot_be_stored) {
    for (const auto* origin : {"https://*.example.com", "https://api.example.com?x", "ftp://api.example.com",
                               "api.example.com", "https://2130706433", "https://a@b.example.com"})
        BOOST_TEST(code_of([&] { tenant.create_service("w", "bearer", origin); }) == "invalid_origin",
                   origin);
    for (const auto* site : {"evil.example.com/", "a.b", "x#", "", "-a", "A", "a@b"}) {
        vault::NewService jira;
        jira.name = "jira";
        jira.connector = "jira";
        jira.settings = {{"site", site}};
        jira.secrets.emplace("email", base::Secret{"me@example.com"});
        jira.secrets.emplace("token", base::Secret{secret});
        BOOST_TEST(code_of([&] {
                       vault::create_service(tenant.session, tenant.ids.workspace, *deployment.connectors,
                                             std::move(jira));
                   }) == "invalid_setting",
                   site);
    }
}

BOOST_AUTO_TEST_CASE(row_03_a_redirect_is_returned_with_a_harmless_location) {
    world.names["other.example.com"] = {World::public_v4};
    const auto result = call(request("/redirect?to=https://other.example.com/take?code=abc%23frag"));
    BOOST_TEST(result.status == 302);
    BOOST_TEST(result.headers.at("location") == "https://other.example.com/");
    BOOST_TEST(world.lookups["other.example.com"] == 0);
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

BOOST_AUTO_TEST_CASE(row_13_a_path_cannot_leave_the_origins_prefix) {
    tenant.create_service("prefixed", "bearer", "https://api.example.com/echo/v1");
    BOOST_TEST(outcome(request("/echo/v1", "prefixed")) == "200");
    BOOST_TEST(outcome(request("/echo/v1/x", "prefixed")) == "200");
    for (const auto* url : {"/echo", "/echo/v2", "/echo/v1x", "/admin", "https://api.example.com/"})
        BOOST_TEST(outcome(request(url, "prefixed")) == "origin_not_allowed", url);
    for (const auto* url : {"/echo/v1/../../admin", "/echo/v1/%2e%2e/admin", "/echo/v1/..%2fadmin",
                            "/echo/v1//admin", "/echo/v1/%252e%252e/admin", "/echo/v1/..;/admin"})
        BOOST_TEST(outcome(request(url, "prefixed")) == "path_not_allowed", url);
}

BOOST_AUTO_TEST_CASE(row_14_an_echoed_credential_is_replaced_in_the_usual_encodings) {
    const auto result = call(request("/leak"));
    BOOST_TEST(result.redactions >= 6);
    const auto everything =
        schema::dump(*result.body_json) + schema::dump(egress_client::json(result.headers));
    for (const auto& leaked : {std::string{secret}, std::string{"s3cret%2Fwith"}, crypto::base64_of(secret),
                               crypto::hex_of(secret)})
        BOOST_TEST(everything.find(leaked) == std::string::npos, leaked);
    BOOST_TEST(everything.find("[redacted]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(row_15_requests_that_mint_secrets_are_refused) {
    const auto& github = deployment.connectors->require("github");
    const auto path_of = [&](const std::string& method, const std::string& url) {
        return code_of([&] {
            vault::Service service;
            service.origins = github.origins;
            egress::request_of(request(url, "github", method), service, github, {});
        });
    };
    BOOST_TEST(path_of("POST", "/repos/a/b/keys") == "secret_endpoint_denied");
    BOOST_TEST(path_of("POST", "/repos/a/b%2e/../keys") == "path_not_allowed");
    BOOST_TEST(path_of("GET", "/repos/a/b/keys") == "");
    BOOST_TEST(path_of("POST", "/repos/a/b/issues") == "");
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

BOOST_AUTO_TEST_CASE(row_18_a_body_over_five_mebibytes_is_cut_and_says_so) {
    const auto result = call(request("/huge"));
    BOOST_TEST(result.truncated);
    BOOST_TEST(result.body.value().size() == 5U * 1024 * 1024);
    BOOST_TEST(outcome("/bomb") == "response_too_large");
}

BOOST_AUTO_TEST_CASE(row_20_the_callers_time_limit_holds_and_a_cancelled_call_ends) {
    auto silent = request("/silent");
    silent.timeout_ms = 300;
    BOOST_TEST(outcome(silent) == "upstream_timeout");
    silent.timeout_ms = 20000;
    BOOST_TEST(code_of([&] { upstream.call(tenant.caller, silent, [] { return true; }); }) == "cancelled");
}

BOOST_AUTO_TEST_CASE(row_20_one_tenant_cannot_take_every_thread) {
    egress::TenantLimit limit{2};
    const auto other = auth::WorkspaceId::create();
    const auto first = limit.enter(tenant.ids.workspace);
    {
        const auto second = limit.enter(tenant.ids.workspace);
        BOOST_TEST(code_of([&] { limit.enter(tenant.ids.workspace); }) == "too_many_calls");
        BOOST_TEST(code_of([&] { limit.enter(other); }) == "");
    }
    BOOST_TEST(code_of([&] { limit.enter(tenant.ids.workspace); }) == "");
}

BOOST_AUTO_TEST_CASE(row_22_another_port_is_refused) {
    tenant.create_service("port", "bearer", "https://api.example.com:8443");
    BOOST_TEST(outcome(request("/echo", "port")) == "200");
    BOOST_TEST(outcome(request("https://api.example.com/echo", "port")) == "origin_not_allowed");
    BOOST_TEST(outcome(request("https://api.example.com:22/echo", "port")) == "origin_not_allowed");
}

BOOST_AUTO_TEST_CASE(row_25_tenants_services_and_versions_never_share_a_connection) {
    Tenant other;
    other.create_service("api");
    tenant.create_service("second");
    const auto connection_of = [&](const egress::Caller& caller, const char* service) {
        return upstream.call(caller, request("/echo", service), {})
            .body_json.value()["client"]
            .get<std::string>();
    };
    const auto first = connection_of(tenant.caller, "api");
    BOOST_TEST(connection_of(tenant.caller, "api") == first);
    BOOST_TEST(connection_of(other.caller, "api") != first);
    BOOST_TEST(connection_of(tenant.caller, "second") != first);
    vault::Secrets secrets;
    secrets.emplace("secret", base::Secret{"another-secret"});
    vault::replace_secrets(tenant.session, tenant.ids.workspace, *deployment.connectors, "api",
                           std::move(secrets));
    BOOST_TEST(connection_of(tenant.caller, "api") != first);
}

BOOST_AUTO_TEST_CASE(row_26_refusals_name_neither_query_nor_secret) {
    tenant.create_service("untrusted", "bearer", "https://api.example.com:4433");
    try {
        call(request("/private-path?x=query-secret", "untrusted"));
        BOOST_FAIL("was not refused");
    } catch (const base::Error& error) {
        BOOST_TEST(error.code() == "upstream_tls_failed");
        const auto text = std::string{error.what()} + error.detail();
        for (const auto* leaked : {"private-path", "query-secret", secret})
            BOOST_TEST(text.find(leaked) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(private_addresses_are_refused_and_nothing_arrives) {
    tenant.create_service("inside", "bearer", "https://rebind.example.com");
    for (const auto* address : {"10.9.8.7", "169.254.169.254", "127.0.0.1", "fd12:3456::1"}) {
        world.names["rebind.example.com"] = {address};
        const auto before = world.accepted(address);
        BOOST_TEST(outcome(request("/echo", "inside")) == "address_blocked", address);
        BOOST_TEST(world.accepted(address) == before, address);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(callers, Fixture)

BOOST_AUTO_TEST_CASE(a_credential_that_is_not_live_is_refused) {
    const auto refused = [&](const std::string& change) {
        const auto caller = tenant.create_key("mcp.write");
        BOOST_TEST(outcome(caller, request("/echo")) == "200");
        deployment.database.arrange("UPDATE auth.api_key SET " + change + " WHERE id = '" +
                                    caller.credential.uuid().text() + "'");
        return outcome(caller, request("/echo"));
    };
    BOOST_TEST(refused("disabled_at = now()") == "credential_invalid");
    BOOST_TEST(refused("expires_at = now() - interval '1 second'") == "credential_invalid");
    BOOST_TEST(refused("secret_sha256 = sha256('other')") == "credential_invalid");
    auto forged = tenant.caller;
    forged.proof = crypto::sha256("guess");
    BOOST_TEST(outcome(forged, request("/echo")) == "credential_invalid");
    deployment.database.arrange("UPDATE workspace.workspace SET suspended_at = now() WHERE id = '" +
                                tenant.ids.workspace.uuid().text() + "'");
    BOOST_TEST(outcome(request("/echo")) == "credential_invalid");
}

BOOST_AUTO_TEST_CASE(each_operation_needs_its_scope) {
    tenant.create_service("shown", "bearer", "https://api.example.com", {}, true);
    const auto reader = tenant.create_key("mcp.read");
    const auto revealer = tenant.create_key("vault.reveal");
    BOOST_TEST(outcome(reader, request("/echo")) == "insufficient_scope");
    BOOST_TEST(outcome(revealer, request("/echo")) == "insufficient_scope");
    BOOST_TEST(code_of([&] { upstream.check(reader, "api"); }) == "");
    BOOST_TEST(code_of([&] { upstream.check(revealer, "api"); }) == "insufficient_scope");
    BOOST_TEST(code_of([&] { upstream.reveal(tenant.caller, "shown"); }) == "insufficient_scope");
    BOOST_TEST(code_of([&] { upstream.reveal(revealer, "api"); }) == "not_revealable");
    BOOST_TEST(upstream.reveal(revealer, "shown").secrets.at("secret") == secret);
}

BOOST_AUTO_TEST_CASE(another_workspaces_service_does_not_exist) {
    Tenant other;
    other.create_service("private");
    BOOST_TEST(outcome(request("/echo", "private")) == "service_not_found");
    auto confused = tenant.caller;
    confused.workspace = other.ids.workspace;
    BOOST_TEST(outcome(confused, request("/echo", "private")) == "credential_invalid");
}

BOOST_AUTO_TEST_CASE(a_disabled_service_is_refused) {
    vault::update_service(tenant.session, "api",
                          {.description = {}, .revealable = {}, .state = vault::ServiceState::disabled});
    BOOST_TEST(outcome(request("/echo")) == "service_disabled");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(sealed_values, Fixture)

BOOST_AUTO_TEST_CASE(a_value_moved_to_another_service_or_version_does_not_open) {
    tenant.create_service("second");
    const auto workspace = quoted(tenant.ids.workspace.uuid().text());
    deployment.database.arrange(
        "UPDATE vault.sealed_field f SET sealed = g.sealed FROM vault.sealed_field g, vault.service s, "
        "vault.service t "
        "WHERE f.workspace_id = " +
        workspace + " AND f.service_id = s.id AND s.name = 'api' AND s.workspace_id = " + workspace +
        " AND g.service_id = t.id AND t.name = 'second' AND t.workspace_id = " + workspace);
    BOOST_TEST(outcome(request("/echo")) == "sealed_value_unusable");
    BOOST_TEST(outcome(request("/echo", "second")) == "200");
    deployment.database.arrange(
        "UPDATE vault.service SET version = 2 WHERE name = 'second' AND workspace_id = " + workspace +
        "; UPDATE vault.sealed_field SET version = 2 WHERE workspace_id = " + workspace);
    BOOST_TEST(outcome(request("/echo", "second")) == "sealed_value_unusable");
}

BOOST_AUTO_TEST_CASE(changing_where_a_credential_goes_makes_it_useless) {
    const auto at = " WHERE name = 'api' AND workspace_id = " + quoted(tenant.ids.workspace.uuid().text());
    const auto before = world.accepted();
    deployment.database.arrange("UPDATE vault.service SET origins = '{https://other.example.com}'" + at);
    BOOST_TEST(outcome(request("/echo")) == "sealed_value_unusable");
    deployment.database.arrange(
        "UPDATE vault.service SET origins = '{https://api.example.com}', auth_method = 'query'" + at);
    BOOST_TEST(outcome(request("/echo")) == "sealed_value_unusable");
    BOOST_TEST(world.accepted() == before);
}

BOOST_AUTO_TEST_CASE(values_sealed_before_a_rotation_still_open) {
    vault_keys::rotate_workspace_keys(tenant.session, tenant.ids.workspace, *deployment.key_encryption);
    tenant.create_service("later");
    BOOST_TEST(outcome(request("/echo")) == "200");
    BOOST_TEST(outcome(request("/echo", "later")) == "200");
}

BOOST_AUTO_TEST_CASE(nothing_opens_with_another_deployments_key) {
    auto config = deployment.config;
    config.keys.vault = world.folder() / ("other" + tenant.ids.slug);
    crypto::create_key_file(config.keys.vault);
    egress::Upstream other{config, world.resolver()};
    BOOST_TEST(code_of([&] { other.call(tenant.caller, request("/echo"), {}); }) == "vault_key_mismatch");
    config.keys.vault = world.folder() / "absent";
    BOOST_TEST(code_of([&] { egress::Upstream without{config}; }) == "key_file_invalid");
}

BOOST_AUTO_TEST_CASE(no_role_but_egress_gets_at_a_sealed_value) {
    for (const auto* role : {"gatehouse_mcp", "gatehouse_rest", "gatehouse_operator", "gatehouse_worker"}) {
        auto database = deployment.database.as(role, 1);
        db::Autocommit session{database, db::Scope{tenant.ids.workspace.uuid()}};
        for (const auto* sql :
             {"SELECT sealed FROM vault.sealed_field", "SELECT wrapped_private_key FROM vault.workspace_key",
              "SELECT vault.open_service(NULL, NULL, NULL, NULL, NULL)"}) {
            const db::Statement steal{"steal", sql};
            BOOST_CHECK_EXCEPTION(session.query(steal), db::StatementError,
                                  [](const auto& error) { return error.is_insufficient_privilege(); });
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(status, Fixture)

BOOST_AUTO_TEST_CASE(is_heard_in_passing_from_calls) {
    const auto settles_at = [&](const std::string& wanted) {
        for (int i = 0; i < 100; ++i) {
            if (upstream.check(tenant.caller, "api").valid == wanted) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
        }
        return false;
    };
    BOOST_TEST(upstream.check(tenant.caller, "api").valid == "unknown");
    call(request(
        "/status?code=200&X-RateLimit-Limit=60&X-RateLimit-Remaining=59&X-RateLimit-Reset=4000000000"));
    BOOST_TEST(settles_at("true"));
    const auto status = upstream.check(tenant.caller, "api");
    BOOST_TEST(status.source == "passive");
    BOOST_TEST(status.rate_limits.size() == 1U);
    BOOST_TEST(status.rate_limits.front().remaining.value() == 59);
    BOOST_TEST(status.rate_limits.front().reset_at.value() == "2096-10-02T07:06:40.000Z");
    for (const auto* code : {"403", "500"}) {
        call(request(std::string{"/status?code="} + code));
        BOOST_TEST(settles_at("unknown"), code);
    }
    call(request("/status?code=429&Retry-After=30"));
    call(request("/status?code=401"));
    BOOST_TEST(settles_at("false"));
    BOOST_TEST(upstream.check(tenant.caller, "api").action.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
