#include <boost/test/unit_test.hpp>

#include <thread>

#include "security/egress/fixture.hpp"

using test::code_of;
using test::quoted;

namespace {

struct BudgetFixture : test::Fixture {
    std::string at(int limit, int remaining, long reset) {
        return "/status?code=200&X-RateLimit-Limit=" + std::to_string(limit) +
               "&X-RateLimit-Remaining=" + std::to_string(remaining) +
               "&X-RateLimit-Reset=" + std::to_string(reset);
    }
    static long in(int seconds) { return std::time(nullptr) + seconds; }

    /// Calls until the upstream's word has been written down.
    bool settles(const std::string& condition) {
        const db::Statement ask{
            "ask", sql_.assign("SELECT EXISTS (SELECT FROM vault.budget WHERE workspace_id = " +
                               quoted(tenant.ids.workspace.uuid().text()) + " AND " + condition + ")")
                       .c_str()};
        auto database = deployment.database.as("gatehouse_egress", 1);
        db::Autocommit session{database, db::Scope{tenant.ids.workspace.uuid()}};
        for (int i = 0; i < 100; ++i) {
            if (session.query(ask).front().boolean(0)) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
        }
        return false;
    }
    void set(const std::string& assignments) {
        deployment.database.arrange("UPDATE vault.budget SET " + assignments +
                                    " WHERE workspace_id = " + quoted(tenant.ids.workspace.uuid().text()));
    }
    void create_github() {
        world.names["api.github.com"] = {test::World::public_v4};
        vault::NewService github;
        github.name = "github";
        github.connector = "github";
        github.secrets.emplace("token", base::Secret{"ghp_operators-own-token-0123456789"});
        tenant.create_service(std::move(github));
    }
    /// Of GitHub, whose answer tells of a bucket.
    static egress_client::CallRequest told(const std::string& path, const char* bucket, int remaining,
                                           const std::string& more = "") {
        return request(path + "?X-RateLimit-Limit=5000&X-RateLimit-Remaining=" + std::to_string(remaining) +
                           "&X-RateLimit-Reset=" + std::to_string(in(600)) +
                           "&X-RateLimit-Resource=" + bucket + more,
                       "github");
    }
    std::string sql_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(budgets, BudgetFixture)

BOOST_AUTO_TEST_CASE(a_call_is_refused_before_the_upstream_would_refuse_it) {
    BOOST_TEST(outcome(at(10, 2, in(600))) == "200");
    BOOST_TEST_REQUIRE(settles("remaining = 2 AND in_flight = 0"));
    egress::Upstream second_process{deployment.config, world.resolver()};
    BOOST_TEST(outcome("/status?code=200") == "200");
    BOOST_TEST(second_process.call(tenant.caller, request("/status?code=200"), {}).status == 200);
    const auto before = world.accepted();
    try {
        second_process.call(tenant.caller, request("/status?code=200"), {});
        BOOST_FAIL("was let through");
    } catch (const base::Error& error) {
        BOOST_TEST(error.code() == "upstream_budget_used_up");
        BOOST_TEST(std::string{error.what()}.find("retry_at 20") != std::string::npos);
    }
    BOOST_TEST(outcome("/status?code=200") == "upstream_budget_used_up");
    BOOST_TEST(upstream.explain(tenant.caller, request("/status?code=200")).code.value() ==
               "upstream_budget_used_up");
    BOOST_TEST(world.accepted() == before);
    set("reset_at = now()");
    BOOST_TEST(outcome("/status?code=200") == "200");
}

BOOST_AUTO_TEST_CASE(calls_under_way_count_and_refused_ones_do_not) {
    BOOST_TEST(outcome(at(100, 50, in(600))) == "200");
    BOOST_TEST_REQUIRE(settles("remaining = 50 AND in_flight = 0"));
    for (int i = 0; i < 5; ++i) BOOST_TEST(outcome("//bad") != "200");
    BOOST_TEST(settles("remaining = 50 AND in_flight = 0"));
    std::vector<std::thread> calls;
    for (int i = 0; i < 4; ++i)
        calls.emplace_back([&] { upstream.call(tenant.caller, request("/status?code=200"), {}); });
    for (auto& call : calls) call.join();
    BOOST_TEST(settles("remaining = 46 AND in_flight = 0"));
}

BOOST_AUTO_TEST_CASE(an_upstream_that_asks_for_patience_gets_it) {
    BOOST_TEST(outcome("/status?code=429&Retry-After=300") == "429");
    BOOST_TEST_REQUIRE(settles("bucket = 'retry_after'"));
    const auto before = world.accepted();
    BOOST_TEST(outcome("/status?code=200") == "upstream_budget_used_up");
    BOOST_TEST(world.accepted() == before);
    set("reset_at = now() - interval '1 second'");
    BOOST_TEST(outcome("/status?code=200") == "200");
}

BOOST_AUTO_TEST_CASE(agents_share_what_is_left) {
    const auto greedy = tenant.create_key("mcp.write");
    const auto modest = tenant.create_key("mcp.write");
    BOOST_TEST(outcome(greedy, request(at(10, 10, in(600)))) == "200");
    BOOST_TEST_REQUIRE(settles("remaining = 10 AND in_flight = 0"));
    BOOST_TEST(outcome(modest, request("/status?code=200")) == "200");
    int served = 0;
    while (outcome(greedy, request("/status?code=200")) == "200") ++served;
    BOOST_TEST(served == 5);
    BOOST_TEST(outcome(greedy, request("/status?code=200")) == "upstream_share_used");
    for (int i = 0; i < 4; ++i) BOOST_TEST(outcome(modest, request("/status?code=200")) == "200");
    BOOST_TEST(outcome(modest, request("/status?code=200")) == "upstream_budget_used_up");
}

BOOST_AUTO_TEST_CASE(calls_are_let_through_some_at_a_time_and_the_rest_is_given_back) {
    BOOST_TEST(outcome(at(1000, 800, in(600))) == "200");
    BOOST_TEST_REQUIRE(settles("remaining = 800 AND in_flight = 0"));
    BOOST_TEST(outcome("/status?code=200") == "200");
    BOOST_TEST(settles("in_flight = 63 AND (SELECT sum(value::bigint) FROM jsonb_each_text(uses)) = 64"));
    BOOST_TEST(
        settles("remaining = 799 AND in_flight = 0 AND "
                "(SELECT sum(value::bigint) FROM jsonb_each_text(uses)) = 1"));
}

BOOST_AUTO_TEST_CASE(what_is_left_is_shared_among_processes) {
    BOOST_TEST(outcome(at(1000, 16, in(600))) == "200");
    BOOST_TEST_REQUIRE(settles("remaining = 16 AND in_flight = 0"));
    egress::Upstream second_process{deployment.config, world.resolver()};
    int served = 0;
    for (bool goes_on = true; goes_on; ++served) {
        auto& process = served % 2 == 0 ? upstream : second_process;
        goes_on = code_of([&] { process.call(tenant.caller, request("/status?code=200"), {}); }).empty();
    }
    BOOST_TEST(served - 1 >= 14);
    BOOST_TEST(served - 1 <= 16);
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_late_gives_nothing_back) {
    const auto reset = in(600);
    BOOST_TEST(outcome(at(100, 40, reset)) == "200");
    BOOST_TEST_REQUIRE(settles("remaining = 40 AND in_flight = 0"));
    egress::Upstream slow_process{deployment.config, world.resolver()};
    BOOST_TEST(slow_process.call(tenant.caller, request(at(100, 90, reset)), {}).status == 200);
    BOOST_TEST(settles("remaining = 40 AND in_flight = 0"));
}

BOOST_AUTO_TEST_CASE(what_a_dead_process_had_counted_is_forgotten) {
    BOOST_TEST(outcome(at(100, 10, in(600))) == "200");
    BOOST_TEST_REQUIRE(settles("remaining = 10 AND in_flight = 0"));
    set("in_flight = 10, counted_since = now()");
    BOOST_TEST(outcome("/status?code=200") == "upstream_budget_used_up");
    set("counted_since = now() - interval '4 minutes'");
    BOOST_TEST(outcome("/status?code=200") == "200");
    BOOST_TEST(settles("in_flight = 0"));
}

BOOST_AUTO_TEST_CASE(a_bucket_that_is_used_up_stops_the_calls_that_belong_to_it) {
    create_github();
    BOOST_TEST(outcome(told("/search/issues", "search", 0)) == "200");
    BOOST_TEST_REQUIRE(settles("bucket = 'search' AND named AND remaining = 0"));
    const auto before = world.accepted();
    egress::Upstream second_process{deployment.config, world.resolver()};
    const auto search = request("/search/commits", "github");
    BOOST_TEST(outcome(search) == "upstream_budget_used_up");
    BOOST_TEST(code_of([&] { second_process.call(tenant.caller, search, {}); }) == "upstream_budget_used_up");
    BOOST_TEST(upstream.explain(tenant.caller, search).code.value() == "upstream_budget_used_up");
    BOOST_TEST(world.accepted() == before);
    for (const auto* path : {"/search/code", "/user", "/repos/a/b", "/something/else"})
        BOOST_TEST(outcome(request(path, "github")) == "200", path);
    BOOST_TEST(!upstream.explain(tenant.caller, request("/user", "github")).code.has_value());
    set("reset_at = now() - interval '1 second'");
    BOOST_TEST(outcome(search) == "200");
}

BOOST_AUTO_TEST_CASE(a_calls_bucket_is_learned_from_its_answers) {
    create_github();
    BOOST_TEST(outcome(told("/something/odd", "odd", 0)) == "200");
    BOOST_TEST_REQUIRE(settles("bucket = 'odd'"));
    BOOST_TEST(outcome(request("/something/odd", "github")) == "upstream_budget_used_up");
    BOOST_TEST(outcome(request("/something/else", "github")) == "200");
    egress::Upstream second_process{deployment.config, world.resolver()};
    BOOST_TEST(second_process.call(tenant.caller, request("/something/odd", "github"), {}).status == 200);
}

BOOST_AUTO_TEST_CASE(patience_for_one_bucket_is_none_for_another) {
    create_github();
    BOOST_TEST(outcome(told("/search/issues", "search", 0, "&code=429&Retry-After=300")) == "429");
    BOOST_TEST_REQUIRE(settles("bucket = 'search' AND reset_at < now() + interval '301 seconds'"));
    BOOST_TEST(outcome(request("/search/issues", "github")) == "upstream_budget_used_up");
    BOOST_TEST(outcome(request("/user", "github")) == "200");
    BOOST_TEST(outcome(told("/user", "core", 4000, "&code=403&Retry-After=300")) == "403");
    BOOST_TEST_REQUIRE(settles("bucket = 'retry_after'"));
    BOOST_TEST(outcome(request("/repos/a/b", "github")) == "upstream_budget_used_up");
}

BOOST_AUTO_TEST_CASE(calls_in_one_bucket_take_nothing_of_another) {
    create_github();
    BOOST_TEST(outcome(told("/user", "core", 4000)) == "200");
    BOOST_TEST(outcome(told("/search/issues", "search", 20)) == "200");
    BOOST_TEST_REQUIRE(settles("bucket = 'search' AND remaining = 20 AND in_flight = 0"));
    for (int i = 0; i < 3; ++i) BOOST_TEST(outcome(request("/search/issues", "github")) == "200");
    BOOST_TEST(settles("bucket = 'search' AND remaining = 17 AND in_flight = 0"));
    BOOST_TEST(settles("bucket = 'core' AND remaining = 4000 AND in_flight = 0"));
    const auto status = upstream.check(tenant.caller, "github");
    std::string buckets;
    for (const auto& limit : status.rate_limits) buckets += limit.bucket + ";";
    BOOST_TEST(buckets == "core;search;");
}

BOOST_AUTO_TEST_CASE(an_upstream_that_makes_names_up_gets_so_many) {
    egress::Settlement settlement;
    for (int i = 0; i < 70; ++i) {
        auto database = deployment.database.as("gatehouse_egress", 1);
        const auto service = vault::require_service(tenant.session, "api").id;
        settlement.limits = {{"made-up-" + std::to_string(i), {}}};
        auto& limit = settlement.limits.begin()->second;
        limit.bucket = settlement.limits.begin()->first;
        limit.is_named = true;
        egress::settle_budgets(database, tenant.ids.workspace, service, {}, settlement);
    }
    BOOST_TEST(settles("(SELECT count(*) FROM vault.budget) = 64"));
}

BOOST_AUTO_TEST_SUITE_END()
