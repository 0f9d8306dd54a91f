#include <boost/test/unit_test.hpp>
#include <thread>

#include "schema/json.hpp"
#include "security/egress/fixture.hpp"
#include "vault/alert.hpp"
#include "vault/decoy.hpp"

using test::code_of;
using test::quoted;
using test::secret;
using test::World;
using Texts = std::vector<std::string>;

namespace {

struct PolicyFixture : test::Fixture {
    void restrict(const std::function<void(vault::Policy&)>& change, const char* service = "api") {
        vault::Policy policy;
        change(policy);
        vault::update_service(tenant.session, service, {.policy = policy});
        // By then every process has heard of it or forgotten the service.
        std::this_thread::sleep_for(std::chrono::milliseconds{1010});
    }
    std::string alerts() {
        std::string kinds;
        for (const auto& alert : vault::list_alerts(tenant.session, 20)) kinds += alert.kind + ";";
        return kinds;
    }
    void create_github() {
        world.names["api.github.com"] = {World::public_v4};
        vault::NewService github;
        github.name = "github";
        github.connector = "github";
        github.secrets.emplace("token", base::Secret{"ghp_operators-own-token-0123456789"});
        tenant.create_service(std::move(github));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(policy, PolicyFixture)

BOOST_AUTO_TEST_CASE(row_28_a_policy_bounds_what_a_service_may_be_used_for) {
    restrict([](auto& p) {
        p.allow = Texts{"GET /echo/mine/**", "POST /echo/mine/issues"};
        p.body_bytes = 20;
    });
    const auto before = world.accepted();
    BOOST_TEST(outcome("/echo/mine/%61") == "200");
    BOOST_TEST(outcome("/echo/attacker/repo") == "request_denied");
    BOOST_TEST(outcome("/echo/mine/../attacker") == "path_not_allowed");
    BOOST_TEST(outcome("/echo/mine/%2561") == "path_not_allowed");
    BOOST_TEST(outcome(request("/echo/mine/a", "api", "DELETE")) == "request_denied");
    auto post = request("/echo/mine/issues", "api", "POST");
    post.data = "short";
    BOOST_TEST(outcome(post) == "200");
    post.data = std::string(21, 'x');
    BOOST_TEST(outcome(post) == "body_too_large");
    BOOST_TEST(world.accepted() <= before + 1);
}

BOOST_AUTO_TEST_CASE(row_28_a_service_may_be_for_some_agents_alone) {
    const auto other = tenant.create_key("mcp.write");
    restrict([&](auto& p) { p.agents = Texts{other.credential.text()}; });
    BOOST_TEST(outcome("/echo") == "agent_not_allowed");
    BOOST_TEST(outcome("https://evil.example.com/") == "agent_not_allowed");
    const auto revealer = tenant.create_key("vault.reveal,mcp.read");
    vault::update_service(tenant.session, "api", {.revealable = true});
    BOOST_TEST(code_of([&] { upstream.reveal(revealer, "api"); }) == "agent_not_allowed");
    BOOST_TEST(code_of([&] { upstream.check(revealer, "api"); }) == "agent_not_allowed");
    restrict([&](auto& p) { p.agents = Texts{other.credential.text(), revealer.credential.text()}; });
    BOOST_TEST(upstream.reveal(revealer, "api").secrets.size() == 1U);
    BOOST_TEST(code_of([&] { upstream.check(revealer, "api"); }) == "");
    BOOST_TEST(outcome(other, request("/echo")) == "200");
    BOOST_TEST(code_of([&] { upstream.check(tenant.caller, "api"); }) == "agent_not_allowed");
    BOOST_TEST(code_of([&] { upstream.check(other, "api"); }) == "");
    BOOST_TEST(code_of([&] { upstream.check(tenant.create_key("mcp.read,admin"), "api"); }) == "");
}

BOOST_AUTO_TEST_CASE(only_the_named_parts_of_an_answer_come_back) {
    restrict([](auto& p) { p.response = Texts{"/method"}; });
    const auto result = call(request("/echo"));
    BOOST_TEST(schema::dump(result.body_json.value()) == R"({"method":"GET"})");
    BOOST_TEST(call(request("/plain")).withheld.has_value());
}

BOOST_AUTO_TEST_CASE(an_explanation_tells_the_decision_and_the_request_and_sends_nothing) {
    tenant.create_service("query", "query", "https://api.example.com", {{"parameter", "token"}});
    restrict([](auto& p) {
        p.deny = Texts{"DELETE /**"};
        p.approve = Texts{"POST /**"};
    });
    const auto reader = tenant.create_key("mcp.read");
    const auto before = world.accepted();
    auto post = request("/echo?a=1", "api", "POST");
    post.body_json = egress_client::json{{"n", 1}};
    const auto allowed = upstream.explain(reader, post);
    BOOST_TEST(allowed.decision == "needs_approval");
    BOOST_TEST(allowed.request.value().url == "https://api.example.com/echo?a=1");
    BOOST_TEST(allowed.request.value().headers.at("Authorization") == "Bearer {secret}");
    BOOST_TEST(allowed.request.value().body.value() == R"({"n":1})");
    BOOST_TEST(upstream.explain(reader, request("/echo", "query")).request.value().url ==
               "https://api.example.com/echo?token={secret}");
    const auto denied = upstream.explain(reader, request("/echo", "api", "DELETE"));
    BOOST_TEST(denied.decision == "denied");
    BOOST_TEST(denied.code.value() == outcome(request("/echo", "api", "DELETE")));
    BOOST_TEST(upstream.explain(reader, request("https://evil.example.com/")).code.value() ==
               "origin_not_allowed");
    BOOST_TEST(world.accepted() == before);
}

BOOST_AUTO_TEST_CASE(row_17_an_explanation_tells_no_more_than_a_call) {
    auto leaking = request("/echo/denied", "api", "POST");
    leaking.data = secret;
    auto harmless = leaking;
    harmless.data = "nothing of note";
    restrict([](auto& p) { p.deny = Texts{"* /echo/denied"}; });
    const auto explained = [&](const auto& call) { return upstream.explain(tenant.caller, call); };
    const auto rules = [](const egress_client::Explanation& explanation) {
        std::string names;
        for (const auto& check : explanation.checks) names += check.rule + ";";
        return names + (explanation.request ? "request" : "");
    };
    BOOST_TEST(explained(leaking).code.value() == "request_denied");
    BOOST_TEST(rules(explained(leaking)) == rules(explained(harmless)));
    BOOST_TEST(alerts() == "");
    leaking.url = "/echo";
    BOOST_TEST(explained(leaking).code.value() == "secret_in_request");
    BOOST_TEST(!explained(leaking).request.has_value());
    BOOST_TEST(alerts() == "secret_in_request;");
    restrict([](auto& p) { p.agents = Texts{"key_of_another"}; });
    for (const auto* url : {"/echo", "https://evil.example.com/", "/echo/../x"}) {
        const auto refused = explained(request(url));
        BOOST_TEST(refused.code.value() == "agent_not_allowed", url);
        BOOST_TEST(rules(refused) == "agent;", url);
    }
    vault::update_service(tenant.session, "api",
                          {.description = {}, .revealable = {}, .state = vault::ServiceState::disabled});
    BOOST_TEST(explained(request("/echo")).reason.value().find("\"api\" is disabled") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(row_15_a_secret_that_is_made_is_kept_and_never_shown) {
    create_github();
    const auto mint = request("/app/installations/1/access_tokens", "github", "POST");
    BOOST_TEST(outcome(mint) == "secret_endpoint_denied");
    BOOST_TEST(outcome(request("/app/installations/%31/access_tokens", "github", "POST")) ==
               "secret_endpoint_denied");
    restrict([](auto& p) { p.secret_endpoints = true; }, "github");
    const auto result = call(mint);
    BOOST_TEST(result.status == 201);
    const auto shown = schema::dump(*result.body_json) + schema::dump(egress_client::json(result.headers));
    BOOST_TEST(shown.find("freshly-made") == std::string::npos, shown);
    const auto kept = result.kept_secret.value().service_name;
    BOOST_TEST(result.body_json.value()["token"] == "[kept by service " + kept + "]");
    BOOST_TEST(call(request("/echo", kept)).redactions > 0);
    BOOST_TEST(outcome(request("/user/keys", "github", "POST")) == "secret_endpoint_denied");
    const auto odd = call(request("/app/installations/2/access_tokens", "github", "POST"));
    BOOST_TEST(!odd.body.has_value());
    BOOST_TEST(odd.withheld.has_value());
}

BOOST_AUTO_TEST_CASE(row_15_an_operation_that_the_path_does_not_tell_is_denied) {
    create_github();
    auto query = request("/graphql", "github", "POST");
    query.body_json = egress_client::json{{"query", "{viewer{login}}"}};
    BOOST_TEST(outcome(query) == "200");
    const auto before = world.accepted();
    query.body_json = egress_client::json{{"query", "{repository{x:tempCloneToken}}"}};
    BOOST_TEST(outcome(query) == "secret_endpoint_denied");
    BOOST_TEST(upstream.explain(tenant.caller, query).code.value() == "secret_endpoint_denied");
    query.body_json.reset();
    query.data = R"({"query":"{repository{temp\u0043loneToken}}"})";
    query.headers = egress_client::Texts{{"Content-Type", "text/plain"}};
    BOOST_TEST(outcome(query) == "secret_endpoint_denied");
    auto get = request("/graphql", "github");
    get.params.emplace().emplace("query", "{repository{tempCloneToken}}");
    BOOST_TEST(outcome(get) == "secret_endpoint_denied");
    restrict([](auto& p) { p.secret_endpoints = true; }, "github");
    BOOST_TEST(outcome(query) == "secret_endpoint_denied");
    BOOST_TEST(world.accepted() == before);
}

BOOST_AUTO_TEST_CASE(row_14_an_upstream_that_echoes_credentials_is_marked) {
    BOOST_TEST(!vault::require_service(tenant.session, "api").echoed_at.has_value());
    call(request("/leak"));
    BOOST_TEST(vault::require_service(tenant.session, "api").echoed_at.has_value());
    BOOST_TEST(alerts() == "credential_echoed;");
    vault::update_service(tenant.session, "api", {.forgets_echo = true});
    BOOST_TEST(!vault::require_service(tenant.session, "api").echoed_at.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(leaks, PolicyFixture)

BOOST_AUTO_TEST_CASE(row_17_no_secret_of_the_workspace_leaves_in_a_request) {
    vault::NewService other;
    other.name = "other";
    other.connector = "generic";
    other.origins = {"https://other.example.com"};
    other.secrets.emplace("secret", base::Secret{"another/services+secret-42"});
    tenant.create_service(std::move(other));
    const auto before = world.accepted();
    for (const auto* form :
         {"another/services+secret-42", "another%2Fservices%2bsecret-42",
          "YW5vdGhlci9zZXJ2aWNlcytzZWNyZXQtNDI=", "dTphbm90aGVyL3NlcnZpY2VzK3NlY3JldC00Mg==",
          "616E6f746865722F73657276696365732B7365637265742d3432"}) {
        auto in_body = request("/echo", "api", "POST");
        in_body.data = std::string{"text before "} + form + " text behind";
        BOOST_TEST(outcome(in_body) == "secret_in_request", form);
        auto in_json = request("/echo", "api", "POST");
        in_json.body_json = egress_client::json{{"a", {form}}};
        BOOST_TEST(outcome(in_json) == "secret_in_request", form);
        auto in_header = request("/echo");
        in_header.headers = egress_client::Texts{{"X-Note", form}};
        BOOST_TEST(outcome(in_header) == "secret_in_request", form);
        auto in_query = request("/echo");
        in_query.params.emplace().emplace("q", form);
        BOOST_TEST(outcome(in_query) == "secret_in_request", form);
    }
    BOOST_TEST(outcome("/echo/another%2Fservices%2bsecret-42") != "200");
    auto own = request("/echo", "api", "POST");
    own.data = secret;
    BOOST_TEST(outcome(own) == "secret_in_request");
    BOOST_TEST(world.accepted() == before);
    BOOST_TEST(alerts().find("secret_in_request;") != std::string::npos);
    own.data = "dXV1dXV1dXV1dXV1dXV1dXV1YW5vdGhl\r\nci9zZXJ2aWNlcytzZWNyZXQtNDI=";
    BOOST_TEST(outcome(own) == "secret_in_request");
    own.data = "another/services+secret-4";
    BOOST_TEST(outcome(own) == "200");
}

BOOST_AUTO_TEST_CASE(row_17_a_secret_is_watched_for_from_the_moment_it_is_stored) {
    auto post = request("/echo", "api", "POST");
    post.data = "replacement-secret-000001";
    BOOST_TEST(outcome(post) == "200");
    vault::Secrets secrets;
    secrets.emplace("secret", base::Secret{"replacement-secret-000001"});
    vault::replace_secrets(tenant.session, tenant.ids.workspace, *deployment.connectors, "api",
                           std::move(secrets));
    BOOST_TEST(outcome(post) == "secret_in_request");
    test::Tenant other;
    other.create_service("api");
    BOOST_TEST(outcome(other.caller, post) == "200");
}

BOOST_AUTO_TEST_CASE(names_that_belong_to_a_credential_are_no_secrets) {
    vault::NewService jira;
    jira.name = "jira";
    jira.connector = "jira";
    jira.settings = {{"site", "example"}};
    jira.secrets.emplace("email", base::Secret{"someone@example.com"});
    jira.secrets.emplace("token", base::Secret{"ATATT-an-atlassian-token-1234"});
    tenant.create_service(std::move(jira));
    auto post = request("/echo", "api", "POST");
    post.data = "assign to someone@example.com";
    BOOST_TEST(outcome(post) == "200");
    post.data = "ATATT-an-atlassian-token-1234";
    BOOST_TEST(outcome(post) == "secret_in_request");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(decoys, PolicyFixture)

BOOST_AUTO_TEST_CASE(using_a_decoy_blocks_the_credential_at_once) {
    const auto create_decoy = [&](const char* name) {
        vault::NewService decoy;
        decoy.name = name;
        decoy.connector = "generic";
        decoy.origins = {"https://api.example.com"};
        decoy.decoy = true;
        decoy.revealable = true;
        decoy.secrets.emplace("secret", base::Secret{std::string{"decoy-value-of-"} + name});
        tenant.create_service(std::move(decoy));
    };
    create_decoy("billing-admin");
    const auto before = world.accepted();
    const auto is_blocked_by = [&](auto use) {
        const auto caller = tenant.create_key("mcp.write,vault.reveal");
        BOOST_TEST(outcome(caller, request("/plain")) == "200");
        BOOST_TEST(code_of([&] { use(caller); }) == "credential_invalid");
        return outcome_soon(caller, request("/plain")) == "credential_invalid";
    };
    BOOST_TEST(
        is_blocked_by([&](auto& caller) { upstream.call(caller, request("/echo", "billing-admin"), {}); }));
    BOOST_TEST(is_blocked_by([&](auto& caller) { upstream.reveal(caller, "billing-admin"); }));
    BOOST_TEST(is_blocked_by([&](auto& caller) { upstream.check(caller, "billing-admin"); }));
    BOOST_TEST(is_blocked_by([&](auto& caller) {
        auto post = request("/echo", "api", "POST");
        post.data = "ZGVjb3ktdmFsdWUtb2YtYmlsbGluZy1hZG1pbg==";
        upstream.call(caller, post, {});
    }));
    BOOST_TEST(alerts() == "decoy_value_seen;decoy_used;decoy_used;decoy_used;");
    BOOST_TEST(outcome("/plain") == "200");
    BOOST_TEST(world.accepted() <= before + 1);
}

BOOST_AUTO_TEST_CASE(a_decoy_is_one_in_its_own_workspace_alone) {
    test::Tenant other;
    vault::NewService decoy;
    decoy.name = "billing-admin";
    decoy.connector = "generic";
    decoy.origins = {"https://api.example.com"};
    decoy.decoy = true;
    decoy.secrets.emplace("secret", base::Secret{"decoy-value-of-another-workspace"});
    other.create_service(std::move(decoy));
    other.create_service("api");
    auto post = request("/plain", "api", "POST");
    post.data = "decoy-value-of-another-workspace";
    for (int i = 0; i < 2; ++i) BOOST_TEST(outcome(post) == "200");
    BOOST_TEST(outcome(request("/plain", "billing-admin")) == "service_not_found");
    BOOST_TEST(alerts() == "");
    BOOST_TEST(vault::list_alerts(other.session, 20).empty());
    BOOST_TEST(outcome(other.caller, request("/plain")) == "200");
    BOOST_TEST(outcome(other.caller, post) == "credential_invalid");
    BOOST_TEST(outcome(post) == "200");
}

BOOST_AUTO_TEST_CASE(a_decoys_value_is_known_by_its_marks_in_every_process) {
    vault::NewService request;
    request.name = "decoy";
    request.connector = "github";
    request.decoy = true;
    request.secrets = vault::make_decoy_secrets(deployment.connectors->require("github").auth_method(""));
    const std::string value{request.secrets.at("token").reveal()};
    BOOST_TEST(value.starts_with("ghp_"));
    const auto service = tenant.create_service(std::move(request));
    auto database = deployment.database.as("gatehouse_mcp", 1);
    db::Autocommit session{database, {}};
    redaction::Fingerprints fingerprints{vault::decoy_mark_key};
    for (const auto& decoy : vault::list_decoys(session)) {
        if (decoy.service != service.id) continue;
        for (const auto& mark : decoy.marks) fingerprints.add(mark, 0);
    }
    fingerprints.prepare();
    BOOST_TEST(fingerprints.find("{\"note\":\"" + value + "\"}").has_value());
    BOOST_TEST(!fingerprints.find("{\"note\":\"" + value.substr(1) + "\"}").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
