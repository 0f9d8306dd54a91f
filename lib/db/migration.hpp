#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "db/database.hpp"

namespace db {

/// Brings the database to the state of the SQL folder: applies each migrations/NNNN_verb_object.sql that is
/// not yet applied, in order, one transaction each, then grants.sql. Any number of hosts may call it at the
/// same time: an advisory lock lets one after the other do it. Returns the names of the files it applied.
///
/// The role must be a member of gatehouse_owner. Throws base::Error (conflict): "migration_changed" when an
/// applied file is no longer what it was; StatementError when a file fails, with nothing of that file
/// applied.
std::vector<std::string> migrate(Database& database, const std::filesystem::path& sql_folder);

}  // namespace db
