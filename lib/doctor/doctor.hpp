#pragma once

#include <filesystem>

#include "base/config.hpp"
#include "db/database.hpp"
#include "doctor/finding.hpp"

namespace doctor {

/// Looks at a running installation from outside, as a client does: TLS, clock, discovery in every form,
/// issuer, CORS, challenges, no redirect of a POST. `ca`: a bundle trusted besides the system's; empty for
/// none.
Findings check_from_outside(const base::Config& config, const std::filesystem::path& ca);

/// The database's roles, as the operator sees them: there, able to log in, no more than that; its clock; and
/// whether the keys that sign access tokens are replaced in time.
Findings check_database(db::Database& database, const base::Config::Tokens& settings);

/// Files on this host: keys closed to others and not too old, templates and connectors there.
Findings check_files(const base::Config& config);

/// Where mail goes: a folder that is there, or a server that greets.
Findings check_mail(const base::Config& config);

}  // namespace doctor
