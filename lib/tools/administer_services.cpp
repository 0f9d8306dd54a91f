#include "base/error.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "tools/service_view.hpp"

namespace tools {
namespace {

using Texts = std::map<std::string, std::string>;

vault::Secrets secrets_of(const Texts& texts) {
    vault::Secrets secrets;
    for (const auto& [name, value] : texts) secrets.emplace(name, base::Secret{value});
    return secrets;
}

struct NewService {
    std::string name;
    std::string connector;
    Texts secrets;
    std::optional<std::string> description;
    std::optional<std::string> auth_method;
    std::optional<std::vector<std::string>> origins;
    std::optional<Texts> settings;
    std::optional<bool> revealable;

    static constexpr auto fields = std::tuple{
        schema::field("name", &NewService::name, "Unique in the workspace: a-z 0-9 _ . -", {1, 64}),
        schema::field("connector", &NewService::connector, "From list_connectors.", {1, 64}),
        schema::field("secrets", &NewService::secrets, "The connector's secrets by name; never shown again."),
        schema::field("description", &NewService::description, "What it is for.", {0, 1000}),
        schema::field("auth_method", &NewService::auth_method, "The connector's first unless given.",
                      {1, 64}),
        schema::field("origins", &NewService::origins, "Only for connectors that take any origin.", {1, 16}),
        schema::field("settings", &NewService::settings, "The connector's settings by name."),
        schema::field("revealable", &NewService::revealable, "Whether get_credentials may show the secret."),
    };
};

ServiceView create(const NewService& input, tool::Call& call) {
    vault::NewService request{.name = input.name,
                              .description = input.description.value_or(""),
                              .connector = input.connector,
                              .auth_method = input.auth_method.value_or(""),
                              .origins = input.origins.value_or(std::vector<std::string>{}),
                              .settings = input.settings.value_or(Texts{}),
                              .secrets = secrets_of(input.secrets),
                              .revealable = input.revealable.value_or(false)};
    return view_of(
        vault::create_service(call.db(), call.principal().workspace, call.connectors(), std::move(request)));
}

ServiceView get(const ServiceName& input, tool::Call& call) {
    return view_of(vault::require_service(call.db(), input.service_name));
}

struct Change {
    std::string service_name;
    std::optional<std::string> description;
    std::optional<bool> revealable;
    std::optional<bool> disabled;
    std::optional<bool> forget_echo;

    static constexpr auto fields = std::tuple{
        schema::field("service_name", &Change::service_name, "The service's name.", {1, 64}),
        schema::field("description", &Change::description, "What it is for.", {0, 1000}),
        schema::field("revealable", &Change::revealable, "Whether get_credentials may show the secret."),
        schema::field("disabled", &Change::disabled, "Whether every use is refused."),
        schema::field("forget_echo", &Change::forget_echo,
                      "Takes the mark off that the service sends the credential back."),
    };
};

ServiceView update(const Change& input, tool::Call& call) {
    vault::ServiceChange change{.description = input.description, .revealable = input.revealable};
    change.forgets_echo = input.forget_echo.value_or(false);
    if (input.disabled) {
        change.state = *input.disabled ? vault::ServiceState::disabled : vault::ServiceState::active;
    }
    return view_of(vault::update_service(call.db(), input.service_name, change));
}

struct NewSecrets {
    std::string service_name;
    Texts secrets;

    static constexpr auto fields = std::tuple{
        schema::field("service_name", &NewSecrets::service_name, "The service's name.", {1, 64}),
        schema::field("secrets", &NewSecrets::secrets,
                      "The connector's secrets by name; the former ones are gone."),
    };
};

ServiceView replace(const NewSecrets& input, tool::Call& call) {
    return view_of(vault::replace_secrets(call.db(), call.principal().workspace, call.connectors(),
                                          input.service_name, secrets_of(input.secrets)));
}

struct Deleted {
    bool deleted = true;
    static constexpr auto fields = std::tuple{
        schema::field("deleted", &Deleted::deleted, "Always true."),
    };
};

Deleted remove(const ServiceName& input, tool::Call& call) {
    vault::delete_service(call.db(), input.service_name);
    return {};
}

}  // namespace

tool::Tool create_service() {
    return tool::define(
        {
            .name = "create_service",
            .title = "Create a service",
            .description =
                "Stores an outside service with its secret, which is sealed and cannot be read back here.",
            .scope = auth::Scope::admin,
            .effect = {},
            .route = {http::Method::post, "/services"},
            .secret_arguments = {"secrets"},
        },
        create);
}

tool::Tool get_service() {
    return tool::define(
        {
            .name = "get_service",
            .title = "Get a service",
            .description = "One service, without its secret.",
            .scope = auth::Scope::admin,
            .effect = {.read_only = true, .idempotent = true},
            .route = {http::Method::get, "/services/{service_name}"},
        },
        get);
}

tool::Tool update_service() {
    return tool::define(
        {
            .name = "update_service",
            .title = "Change a service",
            .description = "Changes what is said about a service, or disables it.",
            .scope = auth::Scope::admin,
            .effect = {.idempotent = true},
            .route = {http::Method::patch, "/services/{service_name}"},
        },
        update);
}

tool::Tool replace_secret() {
    return tool::define(
        {
            .name = "replace_secret",
            .title = "Replace a service's secret",
            .description = "Seals a new secret for a service; the former one is gone.",
            .scope = auth::Scope::admin,
            .effect = {.destructive = true},
            .route = {http::Method::put, "/services/{service_name}/secret"},
            .secret_arguments = {"secrets"},
        },
        replace);
}

tool::Tool delete_service() {
    return tool::define(
        {
            .name = "delete_service",
            .title = "Delete a service",
            .description = "Deletes a service and its secret.",
            .scope = auth::Scope::admin,
            .effect = {.destructive = true, .idempotent = true},
            .route = {http::Method::delete_, "/services/{service_name}"},
        },
        remove);
}

}  // namespace tools
