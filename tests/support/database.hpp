#pragma once

#include <string>

#include "auth/principal.hpp"
#include "db/database.hpp"

namespace test {

/// A migrated database of this test program's own, dropped when it ends. Arrange as the owner, act as a
/// handler's role.
///
/// The cluster is the one whose socket folder GATEHOUSE_PGHOST names; its superuser is
/// GATEHOUSE_TEST_SUPERUSER (postgres unless set). SQL comes from GATEHOUSE_SQL.
class Database {
public:
    Database();
    ~Database();

    /// What a process of this role would have.
    db::Database as(const std::string& role, int pool = 4) const;
    const base::Config::Database& config() const noexcept { return config_; }

    /// Runs any SQL as the superuser.
    void arrange(const std::string& sql) const;

    struct Tenant {
        auth::WorkspaceId workspace;
        auth::UserId user;
        std::string slug;
    };
    /// A workspace with one member, its slug unique; MCP enabled.
    Tenant create_tenant() const;

private:
    base::Config::Database config_;
};

}  // namespace test
