#include "db/migration.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "db/connection.hpp"

namespace db {
namespace {

namespace fs = std::filesystem;

constexpr const char* create_registry = R"sql(
    SET ROLE gatehouse_owner;
    SET statement_timeout = 0; SET lock_timeout = 0;
    SET client_min_messages = warning;
    CREATE SCHEMA IF NOT EXISTS migration;
    CREATE TABLE IF NOT EXISTS migration.applied (
        name       text PRIMARY KEY,
        sha256     bytea NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    );
)sql";

/// 0x67617465 is "gate".
constexpr const char* lock_registry = "SELECT pg_advisory_lock(1734440037)";

std::string content_of(const fs::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::ostringstream content;
    content << stream.rdbuf();
    if (!stream) {
        throw base::Error{base::Reason::not_found, "file_unreadable", "cannot read " + file.string()};
    }
    return std::move(content).str();
}

std::vector<fs::path> files_of(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator{folder}) {
        if (entry.path().extension() == ".sql") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

Result run(Connection& connection, const Statement& statement, std::initializer_list<Parameter> parameters) {
    return connection.run(Connection::Begin::no, {}, statement, {parameters.begin(), parameters.size()},
                          Connection::Commit::no);
}

/// Whether the file still has to be applied.
bool is_pending(Connection& connection, const std::string& name, const std::string& content) {
    static constexpr Statement select{"db.find_migration",
                                      "SELECT sha256 = sha256($2) FROM migration.applied WHERE name = $1"};
    const auto result = run(connection, select, {name, Bytes{content}});
    if (result.empty()) return true;
    if (result.front().boolean(0)) return false;
    throw base::Error{base::Reason::conflict, "migration_changed",
                      name + " was applied before and has been changed since; add a new migration instead"};
}

void apply(Connection& connection, const std::string& name, const std::string& content) {
    static constexpr Statement insert{"db.record_migration",
                                      "INSERT INTO migration.applied (name, sha256) VALUES ($1, sha256($2))"};
    connection.command("BEGIN");
    connection.command(content);
    run(connection, insert, {name, Bytes{content}});
    connection.command("COMMIT");
}

}  // namespace

std::vector<std::string> migrate(Database& database, const fs::path& sql_folder) {
    const auto connection = database.connect();
    connection->command("SET statement_timeout = 0; SET lock_timeout = 0");
    connection->command(lock_registry);
    connection->command(create_registry);
    std::vector<std::string> applied;
    for (const auto& file : files_of(sql_folder / "migrations")) {
        const auto name = file.stem().string();
        const auto content = content_of(file);
        if (!is_pending(*connection, name, content)) continue;
        apply(*connection, name, content);
        applied.push_back(name);
    }
    connection->command("BEGIN;" + content_of(sql_folder / "grants.sql") + ";COMMIT");
    return applied;
}

}  // namespace db
