#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

#include "crypto/key_file.hpp"
#include "egress/resealer.hpp"
#include "security/egress/fixture.hpp"
#include "vault_grant/holder.hpp"
#include "vault_grant/store.hpp"
#include "workspace/workspace.hpp"

using test::code_of;
using test::quoted;

namespace {

/// Calls from several threads and two processes' worth of state for as long as it lives.
class Load {
public:
    Load(test::Fixture& fixture, egress::Upstream& first, egress::Upstream& second) {
        for (int i = 0; i < 4; ++i) {
            threads_.emplace_back([this, &fixture, &upstream = i % 2 == 0 ? first : second] {
                while (!stops_) call(fixture, upstream);
            });
        }
    }
    ~Load() { stop(); }
    void stop() {
        stops_ = true;
        for (auto& thread : threads_) {
            if (thread.joinable()) thread.join();
        }
    }
    void wait_for(int more) const {
        const auto target = calls + more;
        for (int i = 0; i < 600 && calls < target; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    std::atomic<int> calls = 0;
    std::atomic<int> failures = 0;

private:
    void call(test::Fixture& fixture, egress::Upstream& upstream) {
        try {
            if (upstream.call(fixture.tenant.caller, test::Fixture::request("/status?code=200"), {}).status !=
                200)
                ++failures;
        } catch (const std::exception&) {
            ++failures;
        }
        ++calls;
    }
    std::atomic<bool> stops_ = false;
    std::vector<std::thread> threads_;
};

struct RotationFixture : test::Fixture {
    base::Config own = own_config();
    egress::Upstream first{own, world.resolver()};
    egress::Upstream second{own, world.resolver()};
    db::Database operators = deployment.database.as("gatehouse_operator");

    base::Config own_config() {
        auto config = deployment.config;
        config.keys.vault = world.folder() / ("kek" + tenant.ids.slug);
        std::vector<base::Secret> keys = crypto::read_key_file(deployment.config.keys.vault);
        crypto::create_key_file(config.keys.vault);
        crypto::replace_key_file(config.keys.vault, keys);
        return config;
    }
    /// A service whose tokens are sealed with the key pair of now.
    vault::Service create_connected() {
        vault::NewService request;
        request.name = "connected";
        request.connector = "generic";
        request.auth_method = "authorization_code";
        request.origins = {"https://api.example.com"};
        request.settings = {{"client_id", "gatehouse"},
                            {"token_url", "https://api.example.com/token"},
                            {"authorize_url", "https://api.example.com/authorize"}};
        request.secrets.emplace("client_secret", base::Secret{"client-secret-0123456789"});
        request.by_operator = true;
        auto service = tenant.create_service(std::move(request));
        auto database = deployment.database.as("gatehouse_egress", 2);
        const auto holder =
            vault_grant::find_holder(database, *deployment.connectors, tenant.ids.workspace, service.id);
        vault_grant::replace(database, holder.value(),
                             {.access = base::Secret{"an-access-token"},
                              .refresh = base::Secret{"a-refresh-token"},
                              .expires_at = base::Clock::now() + std::chrono::hours{1}});
        return service;
    }
    std::string tokens_of_newest_key() {
        return answer(
            "SELECT count(*) FROM vault.token t WHERE workspace_id = " +
            quoted(tenant.ids.workspace.uuid().text()) +
            " AND key_id = (SELECT id FROM vault.workspace_key k WHERE k.workspace_id = t.workspace_id "
            "ORDER BY id DESC LIMIT 1)");
    }
    int rewrap() {
        db::Autocommit session{operators, db::Scope{tenant.ids.workspace.uuid()}};
        return vault_keys::rewrap_workspace_keys(session, tenant.ids.workspace,
                                                 vault_keys::KeyEncryption{own.keys.vault});
    }
    std::string answer(const std::string& sql) {
        auto database = deployment.database.as("postgres", 1);
        const db::Statement ask{"ask", sql.c_str()};
        return db::Autocommit{database, {}}.query(ask).front().string(0);
    }
    std::string count(const std::string& table) {
        return answer("SELECT count(*) FROM vault." + table +
                      " WHERE workspace_id = " + quoted(tenant.ids.workspace.uuid().text()));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(rotation, RotationFixture)

BOOST_AUTO_TEST_CASE(the_key_encryption_key_rotates_under_load_without_a_failed_call) {
    Load load{*this, first, second};
    load.wait_for(20);
    for (int i = 0; i < 3; ++i) {
        vault_keys::add_key(own.keys.vault, false);
        BOOST_TEST(rewrap() == 1);
        load.wait_for(20);
        BOOST_TEST(rewrap() == 0);
    }
    db::Autocommit session{operators, db::Scope{tenant.ids.workspace.uuid()}};
    const auto marks = vault_keys::marks_in_use(session, tenant.ids.workspace);
    BOOST_TEST(vault_keys::keep_keys(own.keys.vault, marks) == 3);
    BOOST_TEST(crypto::read_key_file(own.keys.vault).size() == 1U);
    load.wait_for(20);
    load.stop();
    BOOST_TEST(load.failures == 0);
    BOOST_TEST(load.calls > 60);
    BOOST_TEST(code_of([&] { upstream.call(tenant.caller, request("/echo"), {}); }) == "vault_key_mismatch");
}

BOOST_AUTO_TEST_CASE(a_prepared_key_opens_before_it_wraps) {
    vault_keys::add_key(own.keys.vault, true);
    BOOST_TEST(rewrap() == 0);
    vault_keys::promote_last_key(own.keys.vault);
    BOOST_TEST(rewrap() == 1);
    BOOST_TEST(first.call(tenant.caller, request("/echo"), {}).status == 200);
}

BOOST_AUTO_TEST_CASE(a_workspaces_keys_rotate_under_load_and_the_former_ones_go) {
    tenant.create_service("second");
    const auto connected = create_connected();
    Load load{*this, first, second};
    load.wait_for(10);
    vault_keys::rotate_workspace_keys(tenant.session, tenant.ids.workspace, *deployment.key_encryption);
    const auto old_fields = [&] {
        return answer(
            "SELECT count(*) FROM vault.sealed_field f WHERE workspace_id = " +
            quoted(tenant.ids.workspace.uuid().text()) +
            " AND key_id <> (SELECT id FROM vault.workspace_key k WHERE k.workspace_id = f.workspace_id "
            "ORDER BY id DESC LIMIT 1)");
    };
    for (int i = 0; i < 200 && old_fields() != "0"; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    BOOST_TEST(old_fields() == "0");
    for (int i = 0; i < 200 && tokens_of_newest_key() != "1"; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    BOOST_TEST(tokens_of_newest_key() == "1");
    BOOST_TEST(count("workspace_key") == "2");
    auto database = deployment.database.as("gatehouse_egress", 1);
    egress::Resealer::drop_unused(database, "0 seconds");
    BOOST_TEST(count("workspace_key") == "1");
    load.wait_for(10);
    load.stop();
    BOOST_TEST(load.failures == 0);
    const auto token = vault_grant::read_token(database, tenant.ids.workspace, connected.id);
    using vault_grant::Part;
    for (const auto part : {Part::access, Part::refresh}) {
        const auto secret =
            vault_grant::open_token(*deployment.key_encryption, tenant.ids.workspace, connected, token, part);
        BOOST_TEST(secret.reveal() == (part == Part::access ? "an-access-token" : "a-refresh-token"));
    }
}

BOOST_AUTO_TEST_CASE(row_30_deleting_a_workspace_destroys_its_keys) {
    const auto workspace = quoted(tenant.ids.workspace.uuid().text());
    const auto sealed =
        answer("SELECT encode(sealed, 'hex') FROM vault.sealed_field WHERE workspace_id = " + workspace);
    BOOST_TEST(!sealed.empty());
    BOOST_TEST(outcome("/echo") == "200");
    db::Autocommit session{operators, {}};
    workspace::delete_workspace(session, tenant.ids.workspace);
    for (const auto* table : {"workspace_key", "sealed_field", "service", "budget", "alert", "watch"})
        BOOST_TEST(count(table) == "0", table);
    BOOST_TEST(outcome("/echo") == "credential_invalid");
}

BOOST_AUTO_TEST_SUITE_END()
