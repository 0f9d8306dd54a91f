#define BOOST_TEST_MODULE db_tests
#include <boost/test/unit_test.hpp>
#include <future>

#include "base/error.hpp"
#include "db/connection.hpp"
#include "db/listener.hpp"
#include "support/database.hpp"

namespace {

constexpr db::Statement one{"test.one", "SELECT 1"};
constexpr db::Statement divide{"test.divide", "SELECT 10 / $1::int"};
constexpr db::Statement sleep_long{"test.sleep", "SELECT pg_sleep(10)"};
constexpr db::Statement insert_user{"test.insert_user",
                                    R"(INSERT INTO account."user" (id, email) VALUES ($1, $2))"};
constexpr db::Statement count_users{"test.count_users",
                                    R"(SELECT count(*) FROM account."user" WHERE email = $1)"};
constexpr db::Statement visible_keys{"test.visible_keys", "SELECT count(*) FROM workspace.member"};

struct Fixture {
    static test::Database& cluster() {
        static test::Database database;
        return database;
    }
    db::Database database = cluster().as("gatehouse_operator");
    db::Autocommit session{database, {}};

    std::int64_t users(const std::string& email) {
        return session.query(count_users, email).front().integer(0);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(autocommit, Fixture)

BOOST_AUTO_TEST_CASE(carries_every_kind_of_value_both_ways) {
    static constexpr db::Statement echo{
        "test.echo",
        "SELECT $1::text, $2::bigint, $3::boolean, $4::uuid, $5::bytea, $6::text[], $7::text, $8::float8"};
    const auto uuid = base::Uuid::create();
    const std::string bytes{"a\0\xff", 3};
    const std::vector<std::string> texts{"plain", "with,comma", "quo\"te", "back\\slash", ""};
    const auto result = session.query(echo, "text", INT64_MIN, true, uuid, db::Bytes{bytes}, texts,
                                      std::optional<std::string>{}, 2.5);
    const auto row = result.front();
    BOOST_TEST(row.text(0) == "text");
    BOOST_TEST(row.integer(1) == INT64_MIN);
    BOOST_TEST(row.boolean(2));
    BOOST_TEST((row.uuid(3) == uuid));
    BOOST_TEST(row.bytes(4) == bytes);
    BOOST_TEST(row.strings(5) == texts, boost::test_tools::per_element());
    BOOST_TEST(row.is_null(6));
    BOOST_TEST(row.number(7) == 2.5);
}

BOOST_AUTO_TEST_CASE(the_server_ends_a_session_that_nobody_uses) {
    static constexpr db::Statement limit{"test.idle_limit", "SELECT current_setting('idle_session_timeout')"};
    BOOST_TEST(session.query(limit).front().text(0) == "1min");
}

BOOST_AUTO_TEST_CASE(refuses_text_with_a_nul_instead_of_cutting_it) {
    BOOST_CHECK_THROW(users(std::string{"a\0b", 3}), base::Error);
}

BOOST_AUTO_TEST_CASE(a_failed_statement_leaves_the_connection_usable) {
    for (int i = 0; i < 3; ++i) {
        BOOST_CHECK_EXCEPTION(session.query(divide, 0), db::StatementError,
                              [](const auto& error) { return error.sqlstate() == "22012"; });
        BOOST_TEST(session.query(divide, 5).front().integer(0) == 2);
    }
}

BOOST_AUTO_TEST_CASE(a_failed_statement_in_a_workspace_leaves_no_transaction_open) {
    db::Autocommit scoped{database, {base::Uuid::create()}};
    BOOST_CHECK_THROW(scoped.query(divide, 0), db::StatementError);
    scoped.query(insert_user, base::Uuid::create(), "after-failure@example.com");
    BOOST_TEST(users("after-failure@example.com") == 1);
}

BOOST_AUTO_TEST_CASE(a_transaction_that_fails_when_it_is_committed_has_failed) {
    cluster().arrange(
        "CREATE TABLE public.late (id integer UNIQUE DEFERRABLE INITIALLY DEFERRED);"
        "GRANT USAGE ON SCHEMA public TO gatehouse_operator;"
        "GRANT INSERT ON public.late TO gatehouse_operator");
    static constexpr db::Statement insert{"test.late", "INSERT INTO public.late VALUES (1), (1)"};
    BOOST_CHECK_EXCEPTION(session.query(insert), db::StatementError,
                          [](const auto& error) { return error.is_unique_violation(); });
    BOOST_TEST(session.query(divide, 5).front().integer(0) == 2);
    cluster().arrange("DROP TABLE public.late; REVOKE USAGE ON SCHEMA public FROM gatehouse_operator");
}

BOOST_AUTO_TEST_CASE(a_lost_connection_is_replaced_for_the_next_statement) {
    session.query(one);
    cluster().arrange(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE usename = 'gatehouse_operator' AND datname = current_database()");
    BOOST_TEST(session.query(one).front().integer(0) == 1);
}

BOOST_AUTO_TEST_CASE(losing_the_connection_in_the_middle_is_told_as_such) {
    auto lost = std::async(std::launch::async, [this] { session.query(sleep_long); });
    const auto terminate =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'active' AND query LIKE "
        "'%pg_sleep(10)%' "
        "AND pid <> pg_backend_pid() AND datname = current_database()";
    while (lost.wait_for(std::chrono::milliseconds{50}) != std::future_status::ready)
        cluster().arrange(terminate);
    BOOST_CHECK_THROW(lost.get(), db::ConnectionLost);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_there_is_unavailable) {
    db::Database nowhere{{.host = "/nonexistent", .name = "x"}, "gatehouse_mcp"};
    db::Autocommit broken{nowhere, {}};
    BOOST_CHECK_EXCEPTION(broken.query(one), base::Error,
                          [](const auto& error) { return error.reason() == base::Reason::unavailable; });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(transaction, Fixture)

BOOST_AUTO_TEST_CASE(rolls_back_unless_committed) {
    {
        db::Transaction work{database, {}};
        work.query(insert_user, base::Uuid::create(), "rolled-back@example.com");
    }
    BOOST_TEST(users("rolled-back@example.com") == 0);
    db::Transaction work{database, {}};
    work.query(insert_user, base::Uuid::create(), "committed@example.com");
    work.commit();
    BOOST_TEST(users("committed@example.com") == 1);
}

BOOST_AUTO_TEST_CASE(survives_a_refused_statement_and_gives_its_connection_back) {
    auto small = cluster().as("gatehouse_operator", 1);
    for (int i = 0; i < 3; ++i) {
        db::Transaction work{small, {}};
        work.query(one);
        BOOST_CHECK_THROW(work.query(divide, 0), db::StatementError);
    }
    db::Autocommit after{small, {}};
    BOOST_TEST(after.query(one).front().integer(0) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(row_level_security, Fixture)

BOOST_AUTO_TEST_CASE(without_a_workspace_a_tenant_table_is_empty_and_with_one_it_is_that_tenants) {
    const auto first = cluster().create_tenant();
    cluster().create_tenant();
    cluster().arrange("GRANT SELECT ON workspace.member TO gatehouse_mcp");
    auto as_mcp = cluster().as("gatehouse_mcp");
    db::Autocommit unscoped{as_mcp, {}};
    BOOST_TEST(unscoped.query(visible_keys).front().integer(0) == 0);
    db::Autocommit scoped{as_mcp, {first.workspace.uuid()}};
    BOOST_TEST(scoped.query(visible_keys).front().integer(0) == 1);
    BOOST_TEST(unscoped.query(visible_keys).front().integer(0) == 0);
    cluster().arrange("REVOKE SELECT ON workspace.member FROM gatehouse_mcp");
}

BOOST_AUTO_TEST_CASE(a_scope_ends_with_its_statement_on_the_same_connection) {
    static constexpr db::Statement scope{"test.scope", "SELECT workspace.current_id(), pg_backend_pid()"};
    auto small = cluster().as("gatehouse_operator", 1);
    db::Autocommit scoped{small, {base::Uuid::create()}};
    const auto inside = scoped.query(scope);
    BOOST_TEST(!inside.front().is_null(0));
    db::Autocommit unscoped{small, {}};
    const auto outside = unscoped.query(scope);
    BOOST_TEST(outside.front().is_null(0));
    BOOST_TEST(outside.front().integer(1) == inside.front().integer(1));
}

BOOST_AUTO_TEST_CASE(is_on_for_every_table_with_a_workspace) {
    static constexpr db::Statement unprotected{"test.unprotected", R"sql(
        SELECT coalesce(string_agg(c.oid::regclass::text, ' '), '')
          FROM pg_class c
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped
         WHERE c.relkind = 'r' AND NOT c.relrowsecurity
    )sql"};
    BOOST_TEST(session.query(unprotected).front().text(0) == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(listener, Fixture)

BOOST_AUTO_TEST_CASE(hears_a_notification_and_comes_back_after_the_connection_is_lost) {
    std::promise<std::string> heard;
    std::atomic<int> gaps = 0;
    db::Listener listener{
        database,
        {"test_channel"},
        {
            .on_notification = [&](const auto&, const auto& payload) { heard.set_value(payload); },
            .on_gap = [&] { ++gaps; },
        }};
    const auto wait_until = [](auto condition) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (!condition() && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
        return condition();
    };
    BOOST_REQUIRE(wait_until([&] { return listener.is_up(); }));
    const int gaps_before = gaps;
    cluster().arrange(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE query = 'LISTEN test_channel' AND datname = current_database()");
    BOOST_REQUIRE(wait_until([&] { return gaps >= gaps_before + 2 && listener.is_up(); }));
    cluster().arrange("NOTIFY test_channel, 'payload'");
    auto future = heard.get_future();
    BOOST_REQUIRE((future.wait_for(std::chrono::seconds{10}) == std::future_status::ready));
    BOOST_TEST(future.get() == "payload");
}

BOOST_AUTO_TEST_SUITE_END()
