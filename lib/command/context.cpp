#include "command/context.hpp"

#include "base/error.hpp"

namespace command {

const base::Config& Context::config() {
    if (!config_) config_ = config_file.empty() ? base::Config::load() : base::Config::load(config_file);
    return *config_;
}

db::Database& Context::database() {
    if (!database_) database_.emplace(config().database, "gatehouse_operator");
    return *database_;
}

db::Autocommit Context::session() { return db::Autocommit{database(), {}}; }

db::Autocommit Context::workspace_session() { return db::Autocommit{database(), {workspace().id.uuid()}}; }

const workspace::Workspace& Context::workspace() {
    if (workspace_) return *workspace_;
    auto all = session();
    if (!workspace_slug.empty()) return workspace_.emplace(workspace::require_workspace(all, workspace_slug));
    auto workspaces = workspace::list_workspaces(all);
    if (workspaces.size() != 1) {
        throw base::Error{base::Reason::invalid_input, "workspace_missing",
                          "name the workspace with --workspace SLUG"};
    }
    return workspace_.emplace(std::move(workspaces.front()));
}

}  // namespace command
