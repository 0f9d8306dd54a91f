#include "mcp/legacy_session.hpp"

#include "base/clock.hpp"
#include "mcp/params.hpp"
#include "mcp/seals.hpp"
#include "schema/json.hpp"

namespace mcp {
namespace {

constexpr std::chrono::hours lifetime{30 * 24};
constexpr const char* kept_capabilities[]{"elicitation", "sampling", "roots"};

constexpr db::Statement find{
    "mcp_find_session", "SELECT ended_at IS NOT NULL, log_level, listener FROM mcp.session WHERE id = $1"};
constexpr db::Statement keep_level{
    "mcp_set_log_level",
    "INSERT INTO mcp.session (workspace_id, id, log_level) VALUES (workspace.current_id(), $1, $2) "
    "ON CONFLICT (workspace_id, id) DO UPDATE SET log_level = excluded.log_level"};
constexpr db::Statement claim{
    "mcp_claim_listener",
    "WITH claimed AS (INSERT INTO mcp.session (workspace_id, id, listener) VALUES (workspace.current_id(), "
    "$1, $2) "
    "ON CONFLICT (workspace_id, id) DO UPDATE SET listener = excluded.listener RETURNING id) "
    "SELECT pg_notify('mcp', 'session/' || id) FROM claimed"};
constexpr db::Statement end{"mcp_end_session",
                            "WITH ended AS (INSERT INTO mcp.session (workspace_id, id, ended_at) VALUES "
                            "(workspace.current_id(), $1, now()) "
                            "ON CONFLICT (workspace_id, id) DO UPDATE SET ended_at = now() RETURNING id) "
                            "SELECT pg_notify('mcp', 'session/' || id) FROM ended"};

std::int64_t seconds_of(base::Clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string binding_of(const auth::Principal& principal) {
    return principal.credential.text() + '|' + principal.user.text();
}

/// The session id travels in a header with every request: only what is used goes in.
json kept_of(const json& capabilities) {
    json kept = json::object();
    for (const char* name : kept_capabilities) {
        const json* member = find_member(capabilities, name);
        if (member == nullptr || !member->is_object()) continue;
        kept[name] = json::object();
        for (const auto& [inner, value] : member->items()) {
            if (inner.size() <= 32 && kept[name].size() < 8) kept[name][inner] = json::object();
        }
    }
    return kept;
}

}  // namespace

std::string seal_session(const Seals& seals, const auth::Principal& principal, const LegacySession& session) {
    const json plain{{"id", session.id.text()},
                     {"revision", text_of(session.client.revision)},
                     {"capabilities", kept_of(session.client.capabilities)},
                     {"since", seconds_of(base::Clock::now())}};
    return seals.session.seal(schema::dump(plain), binding_of(principal));
}

std::optional<LegacySession> open_session(const Seals& seals, const auth::Principal& principal,
                                          std::string_view text) {
    const auto plain = seals.session.open(text, binding_of(principal));
    if (!plain) return std::nullopt;
    json content = schema::parse(*plain);
    const auto age = seconds_of(base::Clock::now()) - content["since"].get<std::int64_t>();
    if (age > std::chrono::seconds{lifetime}.count()) return std::nullopt;
    const auto revision = revision_of(content["revision"].get_ref<const std::string&>());
    const auto id = base::Uuid::parse(content["id"].get_ref<const std::string&>());
    if (!revision || !id) return std::nullopt;
    LegacySession session{.id = *id, .client = {}};
    session.client.revision = *revision;
    session.client.capabilities = std::move(content["capabilities"]);
    return session;
}

SessionState state_of(db::Session& database, const LegacySession& session) {
    const auto rows = database.query(find, session.id);
    if (rows.empty()) return {};
    const auto row = rows.front();
    SessionState state{.is_ended = row.boolean(0), .log_level = {}, .listener = {}};
    if (!row.is_null(1)) state.log_level = log_level_of(row.text(1));
    if (!row.is_null(2)) state.listener = row.uuid(2);
    return state;
}

void set_log_level(db::Session& database, const LegacySession& session, LogLevel level) {
    database.query(keep_level, session.id, text_of(level));
}

void claim_listener(db::Session& database, const LegacySession& session, const base::Uuid& stream) {
    database.query(claim, session.id, stream);
}

void end_session(db::Session& database, const LegacySession& session) { database.query(end, session.id); }

std::string key_of_session(const LegacySession& session) { return "session/" + session.id.text(); }

}  // namespace mcp
