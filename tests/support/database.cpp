#include "support/database.hpp"

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "account/user.hpp"
#include "db/connection.hpp"
#include "db/migration.hpp"
#include "workspace/workspace.hpp"

namespace test {
namespace {

std::string required(const char* name) {
    const char* value = std::getenv(name);
    if (!value) throw std::runtime_error{std::string{"set "} + name};
    return value;
}

std::string superuser() {
    const char* name = std::getenv("GATEHOUSE_TEST_SUPERUSER");
    return name ? name : "postgres";
}

void run_as_superuser(base::Config::Database config, const std::string& database, const std::string& sql) {
    config.name = database;
    db::Database cluster{config, superuser()};
    cluster.connect()->command(sql);
}

}  // namespace

Database::Database() {
    config_.host = required("GATEHOUSE_PGHOST");
    config_.name = "gatehouse_test_" + std::to_string(getpid());
    run_as_superuser(config_, "postgres", "DROP DATABASE IF EXISTS " + config_.name + " WITH (FORCE)");
    run_as_superuser(config_, "postgres", "CREATE DATABASE " + config_.name + " OWNER gatehouse_owner");
    auto operator_database = as("gatehouse_operator");
    db::migrate(operator_database, required("GATEHOUSE_SQL"));
}

Database::~Database() {
    try {
        run_as_superuser(config_, "postgres", "DROP DATABASE IF EXISTS " + config_.name + " WITH (FORCE)");
    } catch (const std::exception&) {
        // A database left behind costs disk, not correctness: the cluster is thrown away too.
    }
}

db::Database Database::as(const std::string& role, int pool) const {
    auto config = config_;
    config.pool = pool;
    return db::Database{config, role};
}

void Database::arrange(const std::string& sql) const { run_as_superuser(config_, config_.name, sql); }

Database::Tenant Database::create_tenant() const {
    auto operator_database = as("gatehouse_operator");
    db::Autocommit session{operator_database, {}};
    const auto suffix = base::base32_of(base::Uuid::create());
    const auto workspace = workspace::create_workspace(session, "t" + suffix, "Test");
    workspace::set_mcp_enabled(session, workspace.id, true);
    const auto user = account::create_user(session, suffix + "@example.com", "Test",
                                           base::Secret{"correct horse battery staple"});
    workspace::add_member(session, workspace.id, user.id, workspace::Role::owner);
    return {workspace.id, user.id, workspace.slug};
}

}  // namespace test
