#define BOOST_TEST_MODULE tool_tests
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <thread>

#include "audit/call_log.hpp"
#include "base/error.hpp"
#include "crypto/digest.hpp"
#include "crypto/key_file.hpp"
#include "support/database.hpp"
#include "tool/answer_cache.hpp"
#include "tool/argument_digest.hpp"
#include "tool/idempotency.hpp"
#include "tool/invoke.hpp"

namespace {

using tool::json;

struct SilentPeer : tool::Peer {
    void progress(double, std::optional<double>, const std::string&) override {}
    void log(const std::string&, const std::string&, const json&) override {}
    bool is_cancelled() override { return false; }
    bool can_answer(const std::string&) const override { return false; }
};

struct KeyFile {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("tool_tests." + base::Uuid::create().text());
    KeyFile() { crypto::create_key_file(path); }
    ~KeyFile() { std::filesystem::remove(path); }
};

/// A tool that counts how often it ran.
struct Fixture {
    static test::Database& cluster() {
        static test::Database database;
        return database;
    }
    test::Database::Tenant tenant = cluster().create_tenant();
    db::Database database = cluster().as("gatehouse_mcp");
    std::unique_ptr<audit::CallLog> call_log = std::make_unique<audit::CallLog>(database);
    auth::Principal principal{.credential = auth::KeyId::create(),
                              .credential_proof = {},
                              .user = tenant.user,
                              .workspace = tenant.workspace,
                              .workspace_slug = tenant.slug,
                              .mcp_enabled = true,
                              .scopes = auth::Scopes{auth::Scope::mcp_write}};
    SilentPeer peer;
    int runs = 0;
    std::function<void()> during = [] {};
    bool is_safe = false;
    tool::Tool write{.name = "write_something",
                     .scope = auth::Scope::mcp_write,
                     .run = [this](const json& arguments, tool::Call& call) -> tool::Outcome {
                         ++runs;
                         if (is_safe) call.mark_safe();
                         during();
                         return tool::Result{.structured = json{{"run", runs}, {"arguments", arguments}}};
                     }};
    const std::string key = base::Uuid::create().text();
    KeyFile key_file;
    tool::ArgumentDigest digest{key_file.path};

    json call(json arguments) {
        tool::Call call{principal, {.database = database, .call_log = *call_log, .digest = &digest}, peer};
        return std::get<tool::Result>(tool::invoke(write, std::move(arguments), call, tool::Channel::mcp))
            .structured;
    }
    std::string refusal_of(json arguments) {
        try {
            call(std::move(arguments));
        } catch (const base::Error& error) {
            return error.code();
        }
        return "accepted";
    }
    std::string outcomes() {
        call_log = std::make_unique<audit::CallLog>(database);
        return recorded_outcomes();
    }
    std::string recorded_outcomes() {
        auto operator_database = cluster().as("gatehouse_operator");
        db::Autocommit session{operator_database, {tenant.workspace.uuid()}};
        static constexpr db::Statement own{
            "test.own_outcomes",
            "SELECT coalesce(string_agg(outcome, ' ' ORDER BY id), '') FROM audit.call "
            "WHERE workspace_id = workspace.current_id()"};
        return session.query(own).front().string(0);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(idempotency, Fixture)

BOOST_AUTO_TEST_CASE(the_same_key_runs_once_and_gets_the_first_result) {
    const auto first = call({{"idempotency_key", key}, {"value", 1}});
    BOOST_TEST(call({{"idempotency_key", key}, {"value", 1}}) == first);
    BOOST_TEST(runs == 1);
    BOOST_TEST(!first["arguments"].contains("idempotency_key"), "the tool does not see the key");
}

BOOST_AUTO_TEST_CASE(the_same_key_with_other_arguments_is_a_conflict) {
    call({{"idempotency_key", key}, {"value", 1}});
    BOOST_TEST(refusal_of({{"idempotency_key", key}, {"value", 2}}) == "idempotency_conflict");
    BOOST_TEST(runs == 1);
}

BOOST_AUTO_TEST_CASE(a_key_belongs_to_one_credential) {
    call({{"idempotency_key", key}, {"value", 1}});
    principal.credential = auth::KeyId::create();
    call({{"idempotency_key", key}, {"value", 1}});
    BOOST_TEST(runs == 2);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_no_uuid_is_named) {
    BOOST_TEST(refusal_of({{"idempotency_key", "nonsense"}}) == "invalid_arguments");
    BOOST_TEST(refusal_of({{"idempotency_key", 7}}) == "invalid_arguments");
    BOOST_TEST(runs == 0);
}

BOOST_AUTO_TEST_CASE(a_second_call_while_the_first_runs_is_told_so) {
    std::string second;
    during = [&] {
        if (runs == 1) second = refusal_of({{"idempotency_key", key}});
    };
    call({{"idempotency_key", key}});
    BOOST_TEST(second == "idempotency_in_progress");
    BOOST_TEST(runs == 1);
}

BOOST_AUTO_TEST_CASE(a_refusal_before_any_effect_may_be_tried_again) {
    during = [&] {
        if (runs == 1) throw base::Error{base::Reason::not_found, "service_not_found", "no such service"};
    };
    BOOST_TEST(refusal_of({{"idempotency_key", key}}) == "service_not_found");
    BOOST_TEST(refusal_of({{"idempotency_key", key}}) == "accepted");
    BOOST_TEST(runs == 2);
}

BOOST_AUTO_TEST_CASE(what_was_never_sent_may_be_tried_again) {
    for (const auto* code : {"egress_unreachable", "upstream_unreachable"}) {
        during = [&] {
            if (runs == 1) throw base::Error{base::Reason::unavailable, code, "nobody there"};
        };
        runs = 0;
        const json arguments{{"idempotency_key", base::Uuid::create().text()}};
        BOOST_TEST(refusal_of(arguments) == code);
        BOOST_TEST(refusal_of(arguments) == "accepted");
    }
}

BOOST_AUTO_TEST_CASE(a_failure_that_tells_nothing_of_the_effect_leaves_the_outcome_unknown) {
    for (const auto reason : {base::Reason::unavailable, base::Reason::internal}) {
        during = [&] { throw base::Error{reason, "cancelled", "no answer"}; };
        runs = 0;
        const json arguments{{"idempotency_key", base::Uuid::create().text()}};
        BOOST_TEST(refusal_of(arguments) == "cancelled");
        BOOST_TEST(refusal_of(arguments) == "outcome_unknown");
        BOOST_TEST(runs == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_claim_that_its_live_process_no_longer_runs_is_unknown) {
    const tool::IdempotencyKey claimed{.credential = principal.credential.uuid(),
                                       .tool = write.name,
                                       .key = *base::Uuid::parse(key),
                                       .arguments_digest = std::string(32, 'a')};
    db::Autocommit session{database, {tenant.workspace.uuid()}};
    {
        const tool::RunningCall first{claimed};
        BOOST_TEST(!tool::claim(session, claimed, first).has_value());
        const tool::RunningCall second{claimed};
        BOOST_CHECK_EXCEPTION(tool::claim(session, claimed, second), base::Error,
                              [](const auto& error) { return error.code() == "idempotency_in_progress"; });
    }
    const tool::RunningCall later{claimed};
    BOOST_CHECK_EXCEPTION(tool::claim(session, claimed, later), base::Error,
                          [](const auto& error) { return error.code() == "outcome_unknown"; });
}

BOOST_AUTO_TEST_CASE(the_same_key_with_another_secret_is_a_conflict_and_no_digest_of_it_is_kept) {
    write.secret_arguments = {"secret"};
    call({{"idempotency_key", key}, {"value", 1}, {"secret", "one"}});
    BOOST_TEST(refusal_of({{"idempotency_key", key}, {"value", 1}, {"secret", "two"}}) ==
               "idempotency_conflict");
    BOOST_TEST(refusal_of({{"idempotency_key", key}, {"value", 1}, {"secret", "one"}}) == "accepted");
    BOOST_TEST(runs == 1);
    const auto guess = crypto::sha256(R"({"secret":"one","value":1})");
    static constexpr db::Statement kept{"test.kept_digests",
                                        "SELECT count(*) FROM tool.idempotency WHERE arguments_sha256 = $1"};
    static constexpr db::Statement audited{"test.audited_digests",
                                           "SELECT count(*) FROM audit.call WHERE arguments_sha256 = $1"};
    auto operator_database = cluster().as("gatehouse_operator");
    db::Autocommit session{database, {tenant.workspace.uuid()}};
    db::Autocommit operators{operator_database, {tenant.workspace.uuid()}};
    BOOST_TEST(session.query(kept, db::Bytes{guess}).front().integer(0) == 0);
    BOOST_TEST(operators.query(audited, db::Bytes{guess}).front().integer(0) == 0);
}

BOOST_AUTO_TEST_CASE(a_failure_after_the_effect_may_have_happened_is_kept) {
    during = [] { throw base::Error{base::Reason::upstream_failed, "upstream_timeout", "no answer"}; };
    BOOST_TEST(refusal_of({{"idempotency_key", key}}) == "upstream_timeout");
    BOOST_TEST(refusal_of({{"idempotency_key", key}}) == "upstream_timeout");
    BOOST_TEST(runs == 1);
}

BOOST_AUTO_TEST_CASE(a_crash_in_the_middle_leaves_the_outcome_unknown_and_never_runs_again) {
    if (const auto child = fork(); child == 0) {
        db::Database own = cluster().as("gatehouse_mcp");
        during = [] { _exit(0); };
        tool::Call call{principal, {own, *call_log, nullptr}, peer};
        tool::invoke(write, {{"idempotency_key", key}}, call, tool::Channel::mcp);
        _exit(1);
    } else {
        int status = 0;
        BOOST_REQUIRE(waitpid(child, &status, 0) == child);
        BOOST_REQUIRE(status == 0);
    }
    BOOST_TEST(refusal_of({{"idempotency_key", key}}) == "outcome_unknown");
    BOOST_TEST(refusal_of({{"idempotency_key", key}}) == "outcome_unknown");
    BOOST_TEST(runs == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(audit_log, Fixture)

BOOST_AUTO_TEST_CASE(a_write_is_recorded_before_it_is_acknowledged_whatever_its_outcome) {
    call({{"value", 1}});
    during = [] { throw base::Error{base::Reason::forbidden, "method_not_allowed_by_policy", "no"}; };
    refusal_of({{"value", 2}});
    BOOST_TEST(outcomes() == "ok method_not_allowed_by_policy");
}

BOOST_AUTO_TEST_CASE(a_refused_scope_is_recorded) {
    principal.scopes = auth::Scopes{auth::Scope::mcp_read};
    BOOST_TEST(refusal_of({{"value", 1}}) == "insufficient_scope");
    BOOST_TEST(runs == 0);
    BOOST_TEST(outcomes() == "insufficient_scope");
}

BOOST_AUTO_TEST_CASE(every_one_of_many_reads_is_recorded) {
    write.effect.read_only = true;
    for (int i = 0; i < 1300; ++i) call({});
    const auto recorded = outcomes();
    BOOST_TEST(std::count(recorded.begin(), recorded.end(), 'k') == 1300);
}

BOOST_AUTO_TEST_CASE(a_safe_call_of_a_tool_that_writes_is_recorded_without_waiting_for_others) {
    is_safe = true;
    call({});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (recorded_outcomes().empty() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    BOOST_TEST(recorded_outcomes() == "ok");
}

BOOST_AUTO_TEST_CASE(the_records_of_a_workspace_go_with_it) {
    call({});
    BOOST_TEST(outcomes() == "ok");
    cluster().arrange("DELETE FROM workspace.workspace WHERE id = '" + tenant.workspace.uuid().text() + "'");
    BOOST_TEST(outcomes() == "");
}

BOOST_AUTO_TEST_CASE(a_revealed_secret_is_recorded_before_it_is_given_and_not_digested) {
    write.effect.read_only = true;
    write.reveals_secret = true;
    const auto result = call({});
    auto operator_database = cluster().as("gatehouse_operator");
    db::Autocommit session{operator_database, {tenant.workspace.uuid()}};
    static constexpr db::Statement recorded{
        "test.recorded", "SELECT result_sha256 FROM audit.call WHERE workspace_id = workspace.current_id()"};
    const auto rows = session.query(recorded);
    BOOST_REQUIRE(rows.size() == 1);
    BOOST_TEST((rows.front().bytes(0) == crypto::sha256("")));
}

BOOST_AUTO_TEST_CASE(reads_are_recorded_by_the_time_the_process_has_ended) {
    write.effect.read_only = true;
    call({});
    call({});
    BOOST_TEST(outcomes() == "ok ok");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(kept_answers, Fixture)

namespace {

bool wait_until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return true;
}

void add_service(const Fixture& fixture, const std::string& name) {
    Fixture::cluster().arrange(
        "INSERT INTO vault.service (workspace_id, id, name, connector, auth_method, origins) VALUES ('" +
        fixture.tenant.workspace.uuid().text() + "', gen_random_uuid(), '" + name +
        "', 'generic', 'bearer', '{https://example.com}')");
}

/// A reading tool whose answers are kept, and how often it really ran.
struct Reader : Fixture {
    tool::AnswerCache answers{database};
    tool::Tool read = tool::kept_per_workspace({.name = "read_something",
                                                .effect = {.read_only = true},
                                                .run = [this](const json&, tool::Call&) -> tool::Outcome {
                                                    ++runs;
                                                    during();
                                                    return tool::Result{.structured = json{{"run", runs}}};
                                                }});

    std::string ask(json arguments = json::object()) {
        tool::Call call{principal, {database, *call_log, nullptr, nullptr, &answers}, peer};
        const auto outcome = tool::invoke(read, std::move(arguments), call, tool::Channel::rest);
        return std::get<tool::Result>(outcome).text->line;
    }
    bool is_kept() {
        const auto before = runs;
        ask();
        return runs == before;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(an_answer_is_kept_until_a_service_of_the_workspace_changes, Reader) {
    BOOST_REQUIRE(wait_until([this] { return is_kept(); }));
    const auto before = ask();
    BOOST_TEST(ask() == before);
    add_service(*this, "first");
    BOOST_TEST(wait_until([&] { return ask() != before; }));
}

BOOST_FIXTURE_TEST_CASE(each_workspace_has_answers_of_its_own, Reader) {
    BOOST_REQUIRE(wait_until([this] { return is_kept(); }));
    const auto mine = ask();
    principal.workspace = cluster().create_tenant().workspace;
    BOOST_TEST(ask() != mine);
}

BOOST_FIXTURE_TEST_CASE(a_call_with_arguments_is_never_answered_from_what_was_kept, Reader) {
    BOOST_REQUIRE(wait_until([this] { return is_kept(); }));
    const auto before = runs;
    ask({{"connector", "generic"}});
    ask({{"connector", "generic"}});
    BOOST_TEST(runs == before + 2);
}

BOOST_FIXTURE_TEST_CASE(a_caller_without_the_scope_does_not_get_what_was_kept, Reader) {
    BOOST_REQUIRE(wait_until([this] { return is_kept(); }));
    principal.scopes = auth::Scopes{auth::Scope::vault_reveal};
    BOOST_CHECK_THROW(ask(), base::Error);
}

BOOST_FIXTURE_TEST_CASE(an_answer_made_while_a_service_changed_is_not_kept, Reader) {
    BOOST_REQUIRE(wait_until([this] { return is_kept(); }));
    const auto& workspace = tenant.workspace.uuid();
    const auto asked = answers.generation();
    add_service(*this, "meanwhile");
    BOOST_REQUIRE(wait_until([&] { return answers.generation() != asked; }));
    answers.keep(workspace, "another_tool", std::make_shared<const tool::Text>(tool::write("old")), asked);
    BOOST_TEST(answers.find(workspace, "another_tool") == nullptr);
}

BOOST_FIXTURE_TEST_CASE(nothing_kept_is_used_while_changes_cannot_be_heard, Reader) {
    BOOST_REQUIRE(wait_until([this] { return is_kept(); }));
    cluster().arrange(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND query LIKE 'LISTEN gatehouse_service%'");
    BOOST_TEST(
        wait_until([&] { return answers.find(tenant.workspace.uuid(), "read_something") == nullptr; }));
}

BOOST_AUTO_TEST_SUITE_END()
