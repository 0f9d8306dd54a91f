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

BOOST_AUTO_TEST_SUITE_END()
