#define BOOST_TEST_MODULE auth_tests
#include <boost/test/unit_test.hpp>
#include <thread>

#include "auth/api_key.hpp"
#include "auth/authenticator.hpp"
#include "support/database.hpp"
#include "workspace/workspace.hpp"

namespace {

/// Authenticates as handlers/mcp.cpp does, so a missing grant fails here too.
struct Fixture {
    static test::Database& cluster() {
        static test::Database database;
        return database;
    }
    test::Database::Tenant tenant = cluster().create_tenant();
    db::Database operator_database = cluster().as("gatehouse_operator");
    db::Autocommit administration{operator_database, {tenant.workspace.uuid()}};
    db::Database handler_database = cluster().as("gatehouse_mcp");
    auth::Authenticator authenticator{handler_database, "https://gatehouse.example"};

    auth::NewApiKey create(std::optional<std::chrono::seconds> lifetime = std::nullopt) {
        return auth::create_api_key(administration, {.workspace = tenant.workspace,
                                                     .user = tenant.user,
                                                     .name = "test",
                                                     .scopes = auth::Scopes{auth::Scope::mcp_write},
                                                     .lifetime = lifetime});
    }

    static http::Request with_bearer(std::string_view text) {
        http::Request request;
        request.fields.emplace_back("authorization", "Bearer " + std::string{text});
        return request;
    }

    std::string refusal_of(const http::Request& request) {
        try {
            authenticator.authenticate(request);
        } catch (const base::Error& error) {
            return error.code();
        }
        return "accepted";
    }

    bool becomes(const std::string& expected, const http::Request& request) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{1};
        while (refusal_of(request) != expected && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        return refusal_of(request) == expected;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(authenticate, Fixture)

BOOST_AUTO_TEST_CASE(no_handler_can_read_the_digest_that_proves_a_key) {
    static constexpr db::Statement digests{"test.digests", "SELECT secret_sha256 FROM auth.api_key"};
    static constexpr db::Statement found{"test.found",
                                         "SELECT to_jsonb(k)::text FROM auth.find_api_key($1, $2) k"};
    const auto key = create();
    const auto presented = auth::parse_api_key(key.text.reveal());
    db::Autocommit handler{handler_database, {tenant.workspace.uuid()}};
    BOOST_CHECK_EXCEPTION(handler.query(digests), db::StatementError,
                          [](const auto& error) { return error.is_insufficient_privilege(); });
    BOOST_TEST(handler.query(found, key.id, db::Bytes{std::string(32, 'x')}).empty());
    const auto row = handler.query(found, key.id, db::Bytes{presented->secret_sha256});
    BOOST_TEST(row.front().string(0).find("sha256") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_ends_with_the_membership_of_its_user) {
    static constexpr db::Statement leave{"test.leave", "DELETE FROM workspace.member WHERE user_id = $1"};
    const auto key = create();
    const auto request = with_bearer(key.text.reveal());
    BOOST_TEST(refusal_of(request) == "accepted");
    administration.query(leave, tenant.user);
    BOOST_TEST(becomes("credential_invalid", request));
    BOOST_CHECK_EXCEPTION(create(), base::Error,
                          [](const auto& error) { return error.code() == "not_a_member"; });
}

BOOST_AUTO_TEST_CASE(a_live_key_names_its_principal) {
    const auto key = create();
    const auto principal = authenticator.authenticate(with_bearer(key.text.reveal()));
    BOOST_TEST((principal.credential == key.id));
    BOOST_TEST((principal.workspace == tenant.workspace));
    BOOST_TEST((principal.user == tenant.user));
    BOOST_TEST(principal.workspace_slug == tenant.slug);
    BOOST_TEST(principal.mcp_enabled);
    BOOST_TEST(principal.scopes.allows(auth::Scope::mcp_read), "mcp.write includes mcp.read");
    BOOST_TEST(!principal.scopes.allows(auth::Scope::admin));
}

BOOST_AUTO_TEST_CASE(no_field_and_a_foreign_scheme_are_told_apart) {
    BOOST_TEST(refusal_of({}) == "credential_missing");
    http::Request basic;
    basic.fields.emplace_back("authorization", "Basic dXNlcjpwYXNz");
    BOOST_TEST(refusal_of(basic) == "credential_invalid");
}

BOOST_AUTO_TEST_CASE(every_changed_character_is_refused) {
    const auto key = create();
    const std::string text{key.text.reveal()};
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto changed = text;
        changed[i] = changed[i] == '1' ? '2' : '1';
        BOOST_TEST(refusal_of(with_bearer(changed)) == "credential_invalid", changed);
    }
}

BOOST_AUTO_TEST_CASE(another_secret_for_the_same_id_is_refused) {
    const auto key = create();
    const std::string former{key.text.reveal()};
    const auto rotated = auth::rotate_api_key(administration, key.id);
    BOOST_TEST(refusal_of(with_bearer(former)) == "credential_invalid");
    BOOST_TEST(refusal_of(with_bearer(rotated.text.reveal())) == "accepted");
}

BOOST_AUTO_TEST_CASE(disabling_bites_at_once_in_a_process_that_remembers_the_key) {
    const auto key = create();
    const auto request = with_bearer(key.text.reveal());
    BOOST_TEST(refusal_of(request) == "accepted");
    BOOST_TEST(refusal_of(request) == "accepted");
    auth::disable_api_key(administration, key.id);
    BOOST_TEST(becomes("credential_invalid", request));
}

BOOST_AUTO_TEST_CASE(deleting_and_suspending_bite_too) {
    const auto key = create();
    const auto request = with_bearer(key.text.reveal());
    BOOST_TEST(refusal_of(request) == "accepted");
    workspace::set_suspended(administration, tenant.workspace, true);
    BOOST_TEST(becomes("credential_invalid", request));
    workspace::set_suspended(administration, tenant.workspace, false);
    BOOST_TEST(becomes("accepted", request));
    auth::delete_api_key(administration, key.id);
    BOOST_TEST(becomes("credential_invalid", request));
}

BOOST_AUTO_TEST_CASE(a_key_expires_although_it_is_remembered) {
    const auto key = create(std::chrono::seconds{1});
    const auto request = with_bearer(key.text.reveal());
    BOOST_TEST(refusal_of(request) == "accepted");
    std::this_thread::sleep_for(std::chrono::milliseconds{1100});
    BOOST_TEST(refusal_of(request) == "credential_invalid");
}

BOOST_AUTO_TEST_CASE(the_user_id_field_must_name_the_keys_user) {
    const auto key = create();
    auto request = with_bearer(key.text.reveal());
    request.fields.emplace_back("user-id", tenant.user.text());
    BOOST_TEST(refusal_of(request) == "accepted");
    request.fields.back().second = auth::UserId::create().text();
    BOOST_TEST(refusal_of(request) == "credential_invalid");
    request.fields.back().second = "nonsense";
    BOOST_TEST(refusal_of(request) == "credential_invalid");
}

BOOST_AUTO_TEST_CASE(use_is_recorded_without_a_write_per_request) {
    const auto key = create();
    {
        auth::Authenticator short_lived{handler_database, "https://gatehouse.example"};
        for (int i = 0; i < 10; ++i) short_lived.authenticate(with_bearer(key.text.reveal()));
    }
    const auto keys = auth::list_api_keys(administration);
    BOOST_REQUIRE(keys.size() == 1U);
    BOOST_TEST(keys.front().last_used_at.has_value());
}

BOOST_AUTO_TEST_CASE(the_handlers_role_cannot_read_the_table_itself) {
    static constexpr db::Statement select{"test.read_keys", "SELECT id FROM auth.api_key"};
    db::Autocommit session{handler_database, {tenant.workspace.uuid()}};
    BOOST_CHECK_EXCEPTION(session.query(select), db::StatementError,
                          [](const auto& error) { return error.is_insufficient_privilege(); });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(mcp_is_refused_where_it_is_not_enabled_or_for_another_workspace, Fixture) {
    workspace::set_mcp_enabled(administration, tenant.workspace, false);
    const auto key = create();
    const auto principal = authenticator.authenticate(with_bearer(key.text.reveal()));
    const auto has_code = [](const char* code) {
        return [code](const base::Error& error) { return error.code() == code; };
    };
    BOOST_CHECK_EXCEPTION(auth::require_mcp(principal, ""), base::Error, has_code("mcp_disabled"));
    BOOST_CHECK_EXCEPTION(auth::require_mcp(principal, "another"), base::Error,
                          has_code("workspace_not_found"));
}

BOOST_FIXTURE_TEST_CASE(a_foreign_workspaces_key_cannot_be_touched, Fixture) {
    const auto key = create();
    const auto other = cluster().create_tenant();
    db::Autocommit foreign{operator_database, {other.workspace.uuid()}};
    BOOST_CHECK_THROW(auth::disable_api_key(foreign, key.id), base::Error);
    BOOST_CHECK_THROW(auth::delete_api_key(foreign, key.id), base::Error);
    BOOST_TEST(auth::list_api_keys(foreign).empty());
}
