#include "base/error.hpp"
#include "oauth/manual_client.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "tools/messages.hpp"

namespace tools {
namespace {

using Names = std::vector<std::string>;

struct NewClient {
    std::string name;
    std::optional<Names> redirect_uris;
    std::optional<std::string> auth_method;
    std::optional<nlohmann::json> jwks;
    std::optional<Names> client_credentials_scopes;

    static constexpr auto fields = std::tuple{
        schema::field("name", &NewClient::name, "What people are shown.", {1, 200}),
        schema::field("redirect_uris", &NewClient::redirect_uris,
                      "Exact URIs; left out for a client that acts by itself alone.", {0, 10}),
        schema::field("token_endpoint_auth_method", &NewClient::auth_method,
                      "none, client_secret_basic, client_secret_post or private_key_jwt; none unless given."),
        schema::field("jwks", &NewClient::jwks, "The client's public keys, for private_key_jwt."),
        schema::field("client_credentials_scopes", &NewClient::client_credentials_scopes,
                      "What it may do by itself in this workspace.", {0, 4}),
    };
};

struct CreatedClient {
    std::string client_id;
    std::optional<std::string> client_secret;

    static constexpr auto fields = std::tuple{
        schema::field("client_id", &CreatedClient::client_id, "The id to configure in the client."),
        schema::field("client_secret", &CreatedClient::client_secret, "Shown this once."),
    };
};

struct ClientView {
    std::string client_id;
    std::string name;
    Names redirect_uris;
    Names grant_types;
    std::string auth_method;
    Names own_scopes;
    std::string registered_by;
    std::string created_at;

    static constexpr auto fields = std::tuple{
        schema::field("client_id", &ClientView::client_id, "The client's id."),
        schema::field("name", &ClientView::name, "What people are shown."),
        schema::field("redirect_uris", &ClientView::redirect_uris, "Where answers may go."),
        schema::field("grant_types", &ClientView::grant_types, "How it gets tokens."),
        schema::field("token_endpoint_auth_method", &ClientView::auth_method, "How it authenticates."),
        schema::field("client_credentials_scopes", &ClientView::own_scopes, "What it may do by itself."),
        schema::field("registered_by", &ClientView::registered_by,
                      "operator or administrator: who answers for it."),
        schema::field("created_at", &ClientView::created_at, "When it was made (RFC 3339)."),
    };
};

struct Clients {
    std::vector<ClientView> clients;
    static constexpr auto fields = std::tuple{schema::field("clients", &Clients::clients, "Newest first.")};
};

struct ClientName {
    std::string client_id;
    static constexpr auto fields =
        std::tuple{schema::field("client_id", &ClientName::client_id, "The client's id.", {1, 64})};
};

struct Deleted {
    bool deleted = true;
    static constexpr auto fields = std::tuple{schema::field("deleted", &Deleted::deleted, "Always true.")};
};

oauth::AuthMethod method_of(const std::optional<std::string>& name) {
    const auto method = oauth::auth_method_of(name.value_or("none"));
    if (!method)
        throw base::Error{
            base::Reason::invalid_input, "invalid_arguments",
            "token_endpoint_auth_method: expected none, client_secret_basic, client_secret_post "
            "or private_key_jwt"};
    return *method;
}

CreatedClient shown(oauth::CreatedClient created) {
    CreatedClient view{.client_id = std::move(created.client_id), .client_secret = std::nullopt};
    if (!created.secret.empty()) view.client_secret = std::string{created.secret.reveal()};
    return view;
}

CreatedClient create(const NewClient& input, tool::Call& call) {
    const oauth::NewClient request{.name = input.name,
                                   .redirect_uris = input.redirect_uris.value_or(Names{}),
                                   .auth_method = method_of(input.auth_method),
                                   .jwks = input.jwks ? schema::dump(*input.jwks) : std::string{},
                                   .own_scopes = input.client_credentials_scopes.value_or(Names{}),
                                   .workspace = call.principal().workspace,
                                   .registrar = oauth::Registrar::administrator};
    db::Transaction transaction{call.database(), {call.principal().workspace.uuid()}};
    auto created = oauth::create_client(transaction, request);
    transaction.commit();
    return shown(std::move(created));
}

Clients list(const Nothing&, tool::Call& call) {
    Clients clients;
    for (auto& client : oauth::list_workspace_clients(call.db())) {
        clients.clients.push_back({.client_id = client.client_id,
                                   .name = client.name,
                                   .redirect_uris = client.redirect_uris,
                                   .grant_types = client.grant_types,
                                   .auth_method = std::string{oauth::name_of(client.auth_method)},
                                   .own_scopes = client.own_scopes,
                                   .registered_by = std::string{oauth::name_of(client.registrar)},
                                   .created_at = base::rfc3339_of(client.created_at)});
    }
    return clients;
}

CreatedClient rotate(const ClientName& input, tool::Call& call) {
    return shown(
        {.client_id = input.client_id, .secret = oauth::rotate_client_secret(call.db(), input.client_id)});
}

Deleted remove(const ClientName& input, tool::Call& call) {
    oauth::delete_client(call.db(), input.client_id);
    return {};
}

}  // namespace

tool::Tool create_client() {
    return tool::define(
        {
            .name = "create_client",
            .title = "Create an OAuth client",
            .description =
                "Makes a client that may be let into this workspace alone. A secret is shown once.",
            .scope = auth::Scope::admin,
            .effect = {},
            .route = {http::Method::post, "/clients"},
            .reveals_secret = true,
        },
        create);
}

tool::Tool list_clients() {
    return tool::define(
        {
            .name = "list_clients",
            .title = "List OAuth clients",
            .description = "The clients that were made by hand for this workspace, without secrets.",
            .scope = auth::Scope::admin,
            .effect = {.read_only = true, .idempotent = true},
            .route = {http::Method::get, "/clients"},
        },
        list);
}

tool::Tool rotate_client_secret() {
    return tool::define(
        {
            .name = "rotate_client_secret",
            .title = "Replace an OAuth client's secret",
            .description = "Makes a new secret, shown once; the former one is refused from now on.",
            .scope = auth::Scope::admin,
            .effect = {.destructive = true},
            .route = {http::Method::post, "/clients/{client_id}/secret"},
            .reveals_secret = true,
        },
        rotate);
}

tool::Tool delete_client() {
    return tool::define(
        {
            .name = "delete_client",
            .title = "Delete an OAuth client",
            .description = "Deletes a client of this workspace; what it was allowed to do ends at once.",
            .scope = auth::Scope::admin,
            .effect = {.destructive = true, .idempotent = true},
            .route = {http::Method::delete_, "/clients/{client_id}"},
        },
        remove);
}

}  // namespace tools
