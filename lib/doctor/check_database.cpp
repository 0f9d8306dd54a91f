#include <cmath>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "doctor/doctor.hpp"

namespace doctor {
namespace {

constexpr double tolerable_seconds = 5;
constexpr double seconds_a_day = 86400;

Finding check_role(const db::Row& row) {
    const auto subject = "database role " + row.string(0);
    const bool is_owner = row.text(0) == "gatehouse_owner";
    const bool is_too_mighty = row.boolean(1) || row.boolean(2) || row.boolean(3) || row.boolean(4);
    if (is_too_mighty)
        return ill(subject,
                   "may more than it needs (superuser, bypass row security, create roles or databases)",
                   "ALTER ROLE " + row.string(0) + " NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB");
    if (row.boolean(5) == is_owner)
        return ill(subject, is_owner ? "can log in" : "cannot log in",
                   "ALTER ROLE " + row.string(0) + (is_owner ? " NOLOGIN" : " LOGIN"));
    if (!is_owner && row.integer(6) > 0)
        return ill(subject, "owns " + std::to_string(row.integer(6)) + " objects",
                   "REASSIGN OWNED BY " + row.string(0) + " TO gatehouse_owner, then gatehouse migrate");
    return well(subject, is_owner ? "owns everything, cannot log in" : "can log in, owns nothing");
}

Finding check_membership(db::Session& session) {
    static constexpr db::Statement select{"doctor.members", R"sql(
        SELECT coalesce(string_agg(m.rolname, ', '), '')
          FROM pg_auth_members a
          JOIN pg_roles o ON o.oid = a.roleid AND o.rolname = 'gatehouse_owner'
          JOIN pg_roles m ON m.oid = a.member
         WHERE m.rolname LIKE 'gatehouse\_%' AND m.rolname <> 'gatehouse_operator'
    )sql"};
    const auto others = session.query(select).front().string(0);
    if (others.empty()) return well("database ownership", "the operator alone may act as the owner");
    return ill("database ownership", others + " may act as the owner",
               "REVOKE gatehouse_owner FROM " + others);
}

Finding check_clock(db::Session& session) {
    static constexpr db::Statement select{"doctor.clock", "SELECT extract(epoch FROM clock_timestamp())"};
    const auto there = session.query(select).front().time(0);
    const std::chrono::duration<double> apart = there - base::Clock::now();
    if (std::abs(apart.count()) <= tolerable_seconds)
        return well("database clock", "differs by less than 5 s");
    return ill("database clock", "differs by " + std::to_string(std::lround(apart.count())) + " s",
               "run a time service on both hosts: timedatectl set-ntp true");
}

/// The next key is made when a token is issued after its time has come.
Finding check_signing_key(db::Session& session, const base::Config::Tokens& settings) {
    static constexpr db::Statement select{"doctor.signing_key", R"sql(
        SELECT extract(epoch FROM now() - max(signs_from)) FROM oauth.signing_key WHERE retires_at > now()
    )sql"};
    const auto result = session.query(select);
    const auto row = result.front();
    if (row.is_null(0)) return well("signing key", "will be made with the first token");
    const auto days = std::lround(row.number(0) / seconds_a_day);
    if (row.number(0) > settings.signing_period + settings.signing_lead)
        return ill(
            "signing key", "is " + std::to_string(days) + " days old and none follows it",
            "let a client get a token, which makes the next one; if this line stays, look into the log "
            "of oauth_token: is keys.signing the file it was?");
    return well("signing key", days < 0 ? "the next one is published" : std::to_string(days) + " days old");
}

}  // namespace

Findings check_database(db::Database& database, const base::Config::Tokens& settings) {
    static constexpr db::Statement roles{"doctor.roles", R"sql(
        SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin,
               (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid)
          FROM pg_roles r
         WHERE r.rolname LIKE 'gatehouse\_%'
         ORDER BY r.rolname
    )sql"};
    Findings findings;
    try {
        db::Autocommit session{database, {}};
        for (const auto row : session.query(roles)) findings.push_back(check_role(row));
        findings.push_back(check_membership(session));
        findings.push_back(check_clock(session));
        findings.push_back(check_signing_key(session, settings));
    } catch (const base::Error& error) {
        findings.push_back(ill("database", error.what(),
                               "start PostgreSQL; check database.host, and pg_hba.conf and pg_ident.conf for "
                               "gatehouse_operator"));
    }
    return findings;
}

}  // namespace doctor
