#define BOOST_TEST_MODULE token_tests
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/key_file.hpp"
#include "egress/upstream.hpp"
#include "schema/json.hpp"
#include "security/world.hpp"
#include "support/database.hpp"
#include "vault/revocation.hpp"
#include "vault/service.hpp"
#include "vault_grant/store.hpp"
#include "vault_keys/workspace_key.hpp"

using test::World;

namespace {

struct Deployment {
    World world;
    test::Database database;
    base::Config config;
    std::optional<vault::ConnectorCatalog> connectors;
    std::optional<vault_keys::KeyEncryption> key_encryption;

    Deployment() {
        config.public_url = "https://gatehouse.example.com";
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

std::string lower_name(std::string text) {
    for (auto& c : text) {
        if (c == ':') c = '.';
    }
    return text;
}

template <class Condition>
bool settles(Condition condition) {
    for (int i = 0; i < 200; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    return false;
}

template <class Action>
std::string code_of(Action action) {
    try {
        action();
        return "";
    } catch (const base::Error& error) {
        return error.code();
    }
}

/// A workspace with a key that may call, and services whose tokens come from upstream.py.
struct Fixture {
    Deployment& deployment = *Deployment::the;
    test::Database::Tenant ids = deployment.database.create_tenant();
    db::Database operator_database = deployment.database.as("gatehouse_operator");
    db::Database egress_database = deployment.database.as("gatehouse_egress");
    db::Autocommit session{operator_database, db::Scope{ids.workspace.uuid()}};
    egress::Caller caller = create_key("mcp.write");

    Fixture() {
        vault_keys::create_workspace_keys(session, ids.workspace, *deployment.key_encryption);
        forget_calls();
    }

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

    vault::Service create_service(const std::string& name, const std::string& method,
                                  const std::string& token_query = "",
                                  const std::string& token_url = "https://api.example.com/token") {
        vault::NewService request;
        request.name = name;
        request.connector = "generic";
        request.auth_method = method;
        request.origins = {"https://api.example.com"};
        request.settings = {{"client_id", "gate house"}, {"token_url", token_url + '?' + token_query}};
        if (method == "authorization_code")
            request.settings.emplace("authorize_url", "https://api.example.com/authorize");
        request.secrets.emplace("client_secret", base::Secret{"client secret+1"});
        request.by_operator = true;
        return vault::create_service(session, ids.workspace, *deployment.connectors, std::move(request));
    }

    /// A connected service whose access token is over and whose refresh token is good once.
    vault::Service create_connected(const std::string& name, const std::string& refresh_token,
                                    const std::string& token_query = "") {
        const auto service = create_service(name, "authorization_code", token_query);
        connect(service, "access-token-stale", refresh_token, std::chrono::seconds{-1});
        return service;
    }

    void connect(const vault::Service& service, const char* access,
                 const std::string& refresh = "unused-token",
                 std::chrono::seconds lifetime = std::chrono::seconds{3600}) {
        const auto holder =
            vault_grant::find_holder(egress_database, *deployment.connectors, ids.workspace, service.id);
        vault_grant::replace(egress_database, holder.value(),
                             {.access = base::Secret{access},
                              .refresh = base::Secret{refresh},
                              .expires_at = base::Clock::now() + lifetime});
    }
    void arrange(const vault::Service& service, const std::string& change) const {
        deployment.database.arrange("UPDATE vault.token SET " + change +
                                    " WHERE service_id = " + quoted(service.id.uuid().text()));
    }
    vault_grant::Token token(const vault::Service& service) {
        return vault_grant::read_token(egress_database, ids.workspace, service.id);
    }

    std::vector<schema::json> token_calls() const {
        std::ifstream file{deployment.world.folder() / "token_calls"};
        std::vector<schema::json> calls;
        for (std::string line; std::getline(file, line);) calls.push_back(schema::parse(line));
        return calls;
    }
    void forget_calls() const { std::filesystem::remove(deployment.world.folder() / "token_calls"); }

    static egress_client::CallRequest request(const std::string& service,
                                              const std::string& url = "/protected",
                                              const std::string& method = "GET") {
        egress_client::CallRequest call;
        call.service_name = service;
        call.method = method;
        call.url = url;
        return call;
    }
};

struct OneProcess : Fixture {
    egress::Upstream upstream{deployment.config, deployment.world.resolver()};

    int status(const egress_client::CallRequest& call) { return upstream.call(caller, call, {}).status; }
    std::string refusal(const std::string& service) {
        return code_of([&] { upstream.call(caller, request(service), {}); });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_credentials, OneProcess)

BOOST_AUTO_TEST_CASE(a_token_is_got_once_and_used_while_it_lasts) {
    create_service("machine", "client_credentials");
    BOOST_TEST(status(request("machine")) == 200);
    BOOST_TEST(status(request("machine")) == 200);
    const auto calls = token_calls();
    BOOST_REQUIRE(calls.size() == 1U);
    BOOST_TEST(calls[0]["form"]["grant_type"] == "client_credentials");
    BOOST_TEST(calls[0]["authorization"] == "Basic " + crypto::base64_of("gate%20house:client%20secret%2B1"));
}

BOOST_AUTO_TEST_CASE(the_answer_never_shows_the_token_and_the_caller_never_the_secret) {
    create_service("machine", "client_credentials");
    const auto result = upstream.call(caller, request("machine", "/echo"), {});
    const auto shown = schema::dump(*result.body_json);
    BOOST_TEST(shown.find("access-token-") == std::string::npos);
    BOOST_TEST(shown.find("Bearer [redacted]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_client_is_the_operators_to_mend_and_asked_again_after_new_secrets) {
    const auto service = create_service("machine", "client_credentials", "status=401&error=invalid_client");
    BOOST_TEST(refusal("machine") == "credential_misconfigured");
    BOOST_TEST(refusal("machine") == "credential_misconfigured");
    BOOST_TEST(token_calls().size() == 1U);
    vault::Secrets secrets;
    secrets.emplace("client_secret", base::Secret{"another"});
    vault::replace_secrets(session, ids.workspace, *deployment.connectors, "machine", std::move(secrets));
    BOOST_TEST(token(service).state == "active");
    BOOST_TEST(refusal("machine") == "credential_misconfigured");
    BOOST_TEST(token_calls().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_down_is_not_asked_before_its_own_time) {
    const auto service = create_service("machine", "client_credentials", "status=503&after=120");
    BOOST_TEST(refusal("machine") == "credential_refresh_failed");
    BOOST_TEST(refusal("machine") == "credential_refresh_failed");
    BOOST_TEST(token_calls().size() == 1U);
    BOOST_TEST(token(service).state == "degraded");
    BOOST_TEST((token(service).retry_at.value() > base::Clock::now() + std::chrono::seconds{100}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(refresh, OneProcess)

BOOST_AUTO_TEST_CASE(a_token_that_is_over_is_renewed_and_the_refresh_token_rotates) {
    const auto service = create_connected("personal", "seed-rotates");
    BOOST_TEST(status(request("personal")) == 200);
    arrange(service, "expires_at = now() - interval '1 second'");
    BOOST_TEST(status(request("personal")) == 200);
    const auto calls = token_calls();
    BOOST_REQUIRE(calls.size() == 2U);
    BOOST_TEST(calls[0]["form"]["refresh_token"] == "seed-rotates");
    BOOST_TEST(calls[1]["form"]["refresh_token"].get<std::string>().starts_with("refresh-token-"));
    BOOST_TEST(token(service).version == 3);
}

BOOST_AUTO_TEST_CASE(a_token_that_is_still_valid_is_used_at_once_and_renewed_behind_the_call) {
    const auto service = create_connected("personal", "seed-stale", "hold=1");
    BOOST_TEST(status(request("personal")) == 200);
    arrange(service, "refresh_at = now() - interval '1 second'");
    const auto start = std::chrono::steady_clock::now();
    BOOST_TEST(status(request("personal")) == 200);
    BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::milliseconds{900}));
    BOOST_TEST(settles([&] { return token(service).version == 3; }));
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_down_does_not_hinder_calls_while_the_token_lasts) {
    const auto service = create_connected("personal", "seed-down", "status=500");
    arrange(service, "expires_at = now() + interval '1 minute', refresh_at = now() - interval '1 second'");
    BOOST_TEST(status(request("personal", "/echo")) == 200);
    BOOST_TEST(settles([&] { return token(service).state == "degraded"; }));
    BOOST_TEST(status(request("personal", "/echo")) == 200);
    BOOST_TEST(token_calls().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_that_is_no_good_is_tried_twice_and_then_needs_the_user) {
    const auto service = create_connected("personal", "unknown-refresh-token");
    BOOST_TEST(refusal("personal") == "credential_needs_reconnect");
    BOOST_TEST(token_calls().size() == 2U);
    BOOST_TEST(refusal("personal") == "credential_needs_reconnect");
    BOOST_TEST(token_calls().size() == 2U);
    BOOST_TEST(token(service).state == "needs_reconnect");
}

BOOST_AUTO_TEST_CASE(tokens_that_somebody_else_stored_meanwhile_are_used) {
    const auto service = create_connected("personal", "unknown-refresh-token");
    std::thread other{[&] {
        settles([&] { return token_calls().size() == 1U; });
        connect(service, "access-token-other");
    }};
    BOOST_TEST(status(request("personal", "/echo")) == 200);
    other.join();
    BOOST_TEST(token(service).state == "active");
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_replaced_once_and_only_an_idempotent_request_is_sent_again) {
    const auto service = create_connected("personal", "seed-refused");
    const auto refuse_token = [&] {
        arrange(service, "issued_at = now() - interval '1 minute', forced_at = NULL");
        status(request("personal", "/forget"));
        arrange(service, "issued_at = now() - interval '1 minute', forced_at = NULL");
    };
    BOOST_TEST(status(request("personal")) == 200);
    refuse_token();
    BOOST_TEST(status(request("personal")) == 200);
    BOOST_TEST(token_calls().size() == 2U);
    refuse_token();
    BOOST_TEST(status(request("personal", "/protected", "POST")) == 401);
    BOOST_TEST(token_calls().size() == 3U);
    BOOST_TEST(status(request("personal", "/protected", "POST")) == 200);
    // a young token, and one that was replaced within the minute, are not
    status(request("personal", "/forget"));
    BOOST_TEST(status(request("personal")) == 401);
    arrange(service, "issued_at = now() - interval '1 minute'");
    BOOST_TEST(status(request("personal")) == 401);
    BOOST_TEST(token_calls().size() == 3U);
}

BOOST_AUTO_TEST_CASE(tokens_moved_to_another_service_or_back_to_an_older_version_do_not_open) {
    const auto first = create_connected("first", "seed-first");
    const auto second = create_connected("second", "seed-second");
    BOOST_TEST(status(request("first")) == 200);
    BOOST_TEST(status(request("second")) == 200);
    arrange(first, "access = (SELECT access FROM vault.token WHERE service_id = " +
                       quoted(second.id.uuid().text()) + ")");
    BOOST_TEST(refusal("first") == "sealed_value_unusable");
    arrange(second, "version = version + 1");
    BOOST_TEST(refusal("second") == "sealed_value_unusable");
    arrange(second, "version = version - 1, access = refresh");
    BOOST_TEST(refusal("second") == "sealed_value_unusable");
}

BOOST_AUTO_TEST_CASE(row_27_token_urls_are_for_the_operator_and_pass_the_same_guard) {
    vault::NewService request;
    request.name = "evil";
    request.connector = "generic";
    request.auth_method = "client_credentials";
    request.origins = {"https://api.example.com"};
    request.settings = {{"client_id", "x"}, {"token_url", "https://other.example.com/take"}};
    request.secrets.emplace("client_secret", base::Secret{"s"});
    BOOST_TEST(code_of([&] {
                   vault::create_service(session, ids.workspace, *deployment.connectors, std::move(request));
               }) == "operator_only_setting");
    auto& names = deployment.world.names;
    for (const auto* address : {"10.9.8.7", "169.254.169.254", "127.0.0.1", "::1"}) {
        names["rebind.example.com"] = {address};
        const auto before = deployment.world.accepted(address);
        const auto name = "inside" + std::to_string(before) + std::string{address}.substr(0, 2);
        create_service(lower_name(name), "client_credentials", "", "https://rebind.example.com/token");
        BOOST_TEST(refusal(lower_name(name)) == "credential_misconfigured", address);
        BOOST_TEST(deployment.world.accepted(address) == before, address);
    }
    // a change of the URL in the database makes the client's secret useless
    const auto service = create_service("moved", "client_credentials");
    deployment.database.arrange(
        "UPDATE vault.service SET settings = settings || '{\"token_url\": "
        "\"https://other.example.com/token\"}' "
        "WHERE id = " +
        quoted(service.id.uuid().text()));
    BOOST_TEST(refusal("moved") == "sealed_value_unusable");
}

BOOST_AUTO_TEST_CASE(a_service_that_nobody_connected_says_so) {
    create_service("personal", "authorization_code");
    BOOST_TEST(refusal("personal") == "credential_needs_reconnect");
    BOOST_TEST(token_calls().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(status_of_a_token, OneProcess)

BOOST_AUTO_TEST_CASE(tells_state_expiry_and_what_would_help) {
    const auto state = [&] { return upstream.check(caller, "personal"); };
    const auto service = create_service("personal", "authorization_code");
    BOOST_TEST(state().state == "needs_reconnect");
    BOOST_TEST(state().action.value().find("/api/v1/services/personal/connection") != std::string::npos);
    connect(service, "access-token-status", "refresh");
    auto now = state();
    BOOST_TEST(now.state == "active");
    BOOST_TEST(now.refreshable);
    BOOST_TEST((now.expires_at && now.next_refresh_at && *now.next_refresh_at < *now.expires_at));
    BOOST_TEST(!now.action.has_value());
    arrange(service, "state = 'degraded', reason = 'down', retry_at = now() + interval '1 minute'");
    BOOST_TEST(state().state == "degraded");
    BOOST_TEST(state().retry_at.has_value());
    arrange(service, "expires_at = now()");
    BOOST_TEST(state().state == "expired");
    arrange(service, "claim_owner = gen_random_uuid(), claim_until = now() + interval '45 seconds'");
    BOOST_TEST(state().state == "refreshing");
    arrange(service, "claim_until = NULL, state = 'misconfigured'");
    BOOST_TEST(state().state == "misconfigured");
    vault::update_service(session, "personal",
                          {.description = {}, .revealable = {}, .state = vault::ServiceState::disabled});
    BOOST_TEST(state().state == "disabled");
    BOOST_TEST(state().valid == "unknown");
}

BOOST_AUTO_TEST_CASE(row_30_a_connectors_credentials_are_revoked_in_every_workspace_at_once) {
    Fixture other;
    create_connected("shared", "seed-revoked-here", "delay=1");
    other.create_connected("shared", "seed-revoked-there");
    BOOST_TEST(upstream.call(other.caller, request("shared"), {}).status == 200);
    // a renewal that is under way cannot store its tokens
    std::string outcome;
    std::thread renewal{[&] { outcome = refusal("shared"); }};
    BOOST_REQUIRE(settles([&] { return token_calls().size() == 2U; }));
    auto all = deployment.database.as("gatehouse_operator");
    db::Autocommit everywhere{all, {}};
    BOOST_TEST(vault::revoke_connector(everywhere, "generic") >= 2);
    renewal.join();
    BOOST_TEST(outcome == "credential_revoked");
    BOOST_TEST(refusal("shared") == "service_disabled");
    BOOST_TEST(code_of([&] { upstream.call(other.caller, request("shared"), {}); }) == "service_disabled");
    BOOST_TEST(upstream.check(caller, "shared").state == "revoked");
    BOOST_TEST(code_of([&] {
                   vault::update_service(
                       session, "shared",
                       {.description = {}, .revealable = {}, .state = vault::ServiceState::active});
               }) == "credential_revoked");
}

BOOST_AUTO_TEST_CASE(row_30_a_workspaces_administrator_revokes_there_alone) {
    Fixture other;
    create_service("mine", "client_credentials");
    other.create_service("theirs", "client_credentials");
    auto rest = deployment.database.as("gatehouse_rest");
    db::Autocommit here{rest, db::Scope{ids.workspace.uuid()}};
    BOOST_TEST(vault::revoke_connector_here(here, "generic") == 1);
    BOOST_TEST(refusal("mine") == "service_disabled");
    BOOST_TEST(upstream.call(other.caller, request("theirs"), {}).status == 200);
    vault::Secrets secrets;
    secrets.emplace("client_secret", base::Secret{"new"});
    vault::replace_secrets(session, ids.workspace, *deployment.connectors, "mine", std::move(secrets));
    BOOST_TEST(status(request("mine")) == 200);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// Processes that each hold an egress of their own and begin together.
struct Processes : Fixture {
    struct Process {
        pid_t id;
        int go;
    };
    std::vector<Process> processes;

    void start(int count, int threads, const egress_client::CallRequest& call) {
        for (int i = 0; i < count; ++i) {
            int go[2];
            BOOST_REQUIRE(::pipe(go) == 0);
            const auto id = ::fork();
            if (id == 0) {
                ::close(go[1]);
                for (const auto& other : processes) ::close(other.go);
                ::_exit(work(threads, call, go[0]));
            }
            ::close(go[0]);
            processes.push_back({id, go[1]});
        }
    }

    /// How many of the calls were answered 200.
    int work(int threads, const egress_client::CallRequest& call, int go) {
        egress::Upstream upstream{deployment.config, deployment.world.resolver()};
        char byte = 0;
        [[maybe_unused]] const auto read = ::read(go, &byte, 1);
        std::atomic<int> successes = 0;
        std::vector<std::thread> callers;
        for (int i = 0; i < threads; ++i) {
            callers.emplace_back([&] {
                try {
                    if (upstream.call(caller, call, {}).status == 200) ++successes;
                } catch (const std::exception& error) {
                    std::fprintf(stderr, "call: %s\n", error.what());
                }
            });
        }
        for (auto& thread : callers) thread.join();
        return successes;
    }

    void go() {
        for (auto& process : processes) ::close(process.go);
    }

    int successes() {
        int sum = 0;
        for (const auto& process : processes) {
            int status = 0;
            ::waitpid(process.id, &status, 0);
            if (WIFEXITED(status)) sum += WEXITSTATUS(status);
        }
        processes.clear();
        return sum;
    }

    void kill_first() {
        ::kill(processes.front().id, SIGKILL);
        successes();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(processes, Processes)

BOOST_AUTO_TEST_CASE(of_64_calls_in_4_processes_one_refreshes_and_all_succeed) {
    for (const auto* query : {"delay=0", "delay=0.5", "delay=3"}) {
        forget_calls();
        const auto name = "shared" + std::to_string(static_cast<int>(query[6] - '0') + (query[7] ? 10 : 0));
        create_connected(name, "seed-" + name, query);
        start(4, 16, request(name));
        go();
        BOOST_TEST(successes() == 64, query);
        BOOST_TEST(token_calls().size() == 1U, query);
    }
}

BOOST_AUTO_TEST_CASE(a_refresher_killed_after_the_provider_answered_costs_one_reconnect_at_most) {
    const auto service = create_connected("shared", "seed-killed-after", "delay=3");
    start(1, 1, request("shared"));
    go();
    BOOST_REQUIRE(settles([&] { return token_calls().size() == 1U; }));
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    kill_first();
    arrange(service, "claim_until = now() - interval '1 second'");  // 45 s later
    start(4, 4, request("shared"));
    go();
    BOOST_TEST(successes() == 0);
    BOOST_TEST(token_calls().size() == 2U);  // tried once more, no oftener
    BOOST_TEST(token(service).state == "needs_reconnect");
    BOOST_TEST(token(service).reason.find("interrupted") != std::string::npos);
    connect(service, "access-token-anew");
    start(4, 4, request("shared", "/echo"));
    go();
    BOOST_TEST(successes() == 16);
}

BOOST_AUTO_TEST_CASE(a_refresher_killed_before_the_provider_acted_costs_nothing) {
    const auto service = create_connected("shared", "seed-killed-before", "status=500");
    arrange(service,
            "claim_owner = gen_random_uuid(), claim_until = now() - interval '1 second', "
            "call_started_at = now() - interval '1 minute'");
    const auto other = create_connected("other", "seed-killed-really");
    arrange(other,
            "claim_owner = gen_random_uuid(), claim_until = now() - interval '1 second', "
            "call_started_at = now() - interval '1 minute'");
    start(4, 4, request("other"));
    go();
    BOOST_TEST(successes() == 16);
    BOOST_TEST(token(other).state == "active");
}

BOOST_AUTO_TEST_SUITE_END()
