#include "mcp/legacy_methods.hpp"

#include <array>

#include "auth/authenticator.hpp"
#include "mcp/capabilities.hpp"
#include "mcp/change.hpp"
#include "mcp/error.hpp"
#include "mcp/params.hpp"

namespace mcp {
namespace {

constexpr int most_subscriptions = 1000;

constexpr db::Statement keep{
    "mcp_subscribe",
    "WITH room AS (SELECT count(*) < $3 OR coalesce(bool_or(uri = $2), false) AS is_there "
    "FROM mcp.subscription WHERE session_id = $1), "
    "kept AS (INSERT INTO mcp.subscription (workspace_id, session_id, uri) "
    "SELECT workspace.current_id(), $1, $2 FROM room WHERE is_there ON CONFLICT DO NOTHING) "
    "SELECT pg_notify('mcp', 'session/' || $1::uuid) FROM room WHERE is_there"};
constexpr db::Statement drop{
    "mcp_unsubscribe",
    "WITH dropped AS (DELETE FROM mcp.subscription WHERE session_id = $1 AND uri = $2) "
    "SELECT pg_notify('mcp', 'session/' || $1::uuid)"};
constexpr db::Statement find{"mcp_find_subscriptions",
                             "SELECT uri FROM mcp.subscription WHERE session_id = $1"};

const LegacySession& require_session(const LegacySession* session) {
    if (session == nullptr) {
        throw MalformedRequest{jsonrpc::invalid_request, "this needs a session: send Mcp-Session-Id"};
    }
    return *session;
}

json ping(Context&, const LegacySession*, const json&) { return json::object(); }

json set_level(Context& context, const LegacySession* session, const json& params) {
    const auto level = log_level_of(require_string(params, "level"));
    if (!level) refuse_params("level: expected a log level of RFC 5424 in lower case");
    set_log_level(context.call.db(), require_session(session), *level);
    return json::object();
}

const std::string& require_uri(const json& params) {
    const auto& uri = require_string(params, "uri");
    if (uri.empty() || uri.size() > longest_uri) refuse_params("uri: expected at most 2000 characters");
    return uri;
}

json subscribe(Context& context, const LegacySession* session, const json& params) {
    auth::require_scope(context.principal, auth::Scope::mcp_read);
    const auto kept =
        context.call.db().query(keep, require_session(session).id, require_uri(params), most_subscriptions);
    if (kept.empty()) refuse_params("uri: a session follows at most 1000 resources");
    return json::object();
}

json unsubscribe(Context& context, const LegacySession* session, const json& params) {
    context.call.db().query(drop, require_session(session).id, require_uri(params));
    return json::object();
}

constexpr std::array methods{
    LegacyMethod{"ping", ping},
    LegacyMethod{"logging/setLevel", set_level},
    LegacyMethod{"resources/subscribe", subscribe},
    LegacyMethod{"resources/unsubscribe", unsubscribe},
};

}  // namespace

const LegacyMethod* find_legacy_method(std::string_view name) noexcept {
    for (const auto& method : methods) {
        if (method.name == name) return &method;
    }
    return nullptr;
}

std::vector<std::string> subscribed_uris(db::Session& database, const LegacySession& session) {
    std::vector<std::string> uris;
    const auto rows = database.query(find, session.id);
    for (const auto row : rows) uris.push_back(row.string(0));
    return uris;
}

void require_answerable_and_sendable(const Context& context, const LegacyResponse& response,
                                     const json& requests) {
    require_answerable(context.client, requests);
    if (response.can_send()) return;
    throw jsonrpc::Error{jsonrpc::invalid_request,
                         "this needs input from the client: accept text/event-stream, outside a batch"};
}

}  // namespace mcp
