#include "oauth/shut_out.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "tools/messages.hpp"

namespace tools {
namespace {

struct ConnectedClientView {
    std::string client_id;
    std::string name;
    std::string origin;
    std::int64_t members = 0;
    std::optional<std::string> last_let_in_at;
    std::optional<std::string> shut_out_at;

    static constexpr auto fields = std::tuple{
        schema::field("client_id", &ConnectedClientView::client_id,
                      "The client's id, or its document's URL."),
        schema::field("name", &ConnectedClientView::name, "The name it gave itself."),
        schema::field("origin", &ConnectedClientView::origin, "dynamic, manual or metadata_document."),
        schema::field("members", &ConnectedClientView::members, "How many members have let it in."),
        schema::field("last_let_in_at", &ConnectedClientView::last_let_in_at,
                      "When one of them did so last (RFC 3339)."),
        schema::field("shut_out_at", &ConnectedClientView::shut_out_at,
                      "When it was shut out (RFC 3339); left out unless it is."),
    };
};

struct ConnectedClients {
    std::vector<ConnectedClientView> clients;
    static constexpr auto fields =
        std::tuple{schema::field("clients", &ConnectedClients::clients, "Newest first.")};
};

struct ConnectedClientName {
    std::string client_id;
    static constexpr auto fields = std::tuple{schema::field("client_id", &ConnectedClientName::client_id,
                                                            "As list_connected_clients has it.", {1, 2048})};
};

std::optional<std::string> text_of(const std::optional<base::Clock::time_point>& time) {
    if (!time) return std::nullopt;
    return base::rfc3339_of(*time);
}

ConnectedClients list(const Nothing&, tool::Call& call) {
    ConnectedClients clients;
    for (const auto& client : oauth::list_connected_clients(call.db())) {
        clients.clients.push_back({.client_id = client.client_id,
                                   .name = client.name,
                                   .origin = std::string{oauth::name_of(client.origin)},
                                   .members = client.members,
                                   .last_let_in_at = text_of(client.last_let_in_at),
                                   .shut_out_at = text_of(client.shut_out_at)});
    }
    return clients;
}

Done shut_out(const ConnectedClientName& input, tool::Call& call) {
    oauth::shut_out_client(call.db(), input.client_id);
    return {};
}

Done let_in(const ConnectedClientName& input, tool::Call& call) {
    oauth::let_in_client(call.db(), input.client_id);
    return {};
}

}  // namespace

tool::Tool list_connected_clients() {
    return tool::define(
        {
            .name = "list_connected_clients",
            .title = "List connected OAuth clients",
            .description =
                "The clients that any member has let into this workspace, and those that are shut out.",
            .scope = auth::Scope::admin,
            .effect = {.read_only = true, .idempotent = true},
            .route = {http::Method::get, "/connected-clients"},
        },
        list);
}

tool::Tool shut_out_client() {
    return tool::define(
        {
            .name = "shut_out_client",
            .title = "Shut an OAuth client out",
            .description =
                "Ends at once all that any member let the client do in this workspace. Nobody can let "
                "it in again until let_in_client.",
            .scope = auth::Scope::admin,
            .effect = {.destructive = true, .idempotent = true},
            .route = {http::Method::post, "/connected-clients/shut-out"},
        },
        shut_out);
}

tool::Tool let_in_client() {
    return tool::define(
        {
            .name = "let_in_client",
            .title = "Let an OAuth client in again",
            .description = "Members may let the client in again; it has to ask each of them anew.",
            .scope = auth::Scope::admin,
            .effect = {.idempotent = true},
            .route = {http::Method::post, "/connected-clients/let-in"},
        },
        let_in);
}

}  // namespace tools
