#pragma once

#include <optional>
#include <string>

#include "base/config.hpp"
#include "db/database.hpp"
#include "workspace/workspace.hpp"

namespace command {

/// What every command of the operator's command line works with. Connects when first used, as
/// gatehouse_operator.
class Context {
public:
    std::string config_file;     ///< --config; empty: GATEHOUSE_CONFIG, then the default place
    std::string workspace_slug;  ///< --workspace; empty: the only workspace there is

    const base::Config& config();
    db::Database& database();
    /// Statements across workspaces.
    db::Autocommit session();
    /// Statements in the chosen workspace.
    db::Autocommit workspace_session();
    /// Throws base::Error: not_found "workspace_not_found"; invalid_input "workspace_missing" when several
    /// exist and none was named.
    const workspace::Workspace& workspace();

private:
    std::optional<base::Config> config_;
    std::optional<db::Database> database_;
    std::optional<workspace::Workspace> workspace_;
};

}  // namespace command
