#include "vault/decoy.hpp"

#include "base/error.hpp"
#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "vault/alert.hpp"

namespace tools {
namespace {

using Texts = std::map<std::string, std::string>;

struct NewDecoy {
    std::string name;
    std::string connector;
    std::optional<std::string> description;
    std::optional<std::vector<std::string>> origins;
    std::optional<Texts> settings;

    static constexpr auto fields = std::tuple{
        schema::field("name", &NewDecoy::name, "One that tempts: a-z 0-9 _ . -", {1, 64}),
        schema::field("connector", &NewDecoy::connector, "From list_connectors.", {1, 64}),
        schema::field("description", &NewDecoy::description, "What it seems to be for.", {0, 1000}),
        schema::field("origins", &NewDecoy::origins, "Only for connectors that take any origin.", {1, 16}),
        schema::field("settings", &NewDecoy::settings, "The connector's settings by name."),
    };
};

struct PlantedDecoy {
    std::string name;
    Texts secrets;

    static constexpr auto fields = std::tuple{
        schema::field("name", &PlantedDecoy::name, "The service's name."),
        schema::field("secrets", &PlantedDecoy::secrets,
                      "Values that open nothing: leave them where a thief would look."),
    };
};

PlantedDecoy create(const NewDecoy& input, tool::Call& call) {
    const auto& method = call.connectors().require(input.connector).auth_method("");
    vault::NewService request{.name = input.name,
                              .description = input.description.value_or(""),
                              .connector = input.connector,
                              .origins = input.origins.value_or(std::vector<std::string>{}),
                              .settings = input.settings.value_or(Texts{}),
                              .secrets = vault::make_decoy_secrets(method),
                              .revealable = true,
                              .decoy = true};
    PlantedDecoy planted{.name = input.name, .secrets = {}};
    for (const auto& [name, secret] : request.secrets) planted.secrets.emplace(name, secret.reveal());
    vault::create_service(call.db(), call.principal().workspace, call.connectors(), std::move(request));
    return planted;
}

struct AlertView {
    std::string at;
    std::string kind;
    std::string service_name;
    std::string credential;
    std::string detail;

    static constexpr auto fields = std::tuple{
        schema::field("at", &AlertView::at, "When (RFC 3339)."),
        schema::field(
            "kind", &AlertView::kind,
            "credential_echoed, secret_in_request, secret_withheld, decoy_used or decoy_value_seen."),
        schema::field("service_name", &AlertView::service_name, "The service, as it was called then."),
        schema::field("credential", &AlertView::credential, "The API key or grant that called."),
        schema::field("detail", &AlertView::detail, "More about it."),
    };
};

struct AlertFilter {
    std::optional<int> limit;

    static constexpr auto fields = std::tuple{
        schema::field("limit", &AlertFilter::limit, "How many; 100 unless given.", {1, 1000}),
    };
};

struct Alerts {
    std::vector<AlertView> alerts;

    static constexpr auto fields = std::tuple{
        schema::field("alerts", &Alerts::alerts, "Newest first."),
    };
};

Alerts list(const AlertFilter& input, tool::Call& call) {
    Alerts alerts;
    for (auto& alert : vault::list_alerts(call.db(), input.limit.value_or(100))) {
        alerts.alerts.push_back({base::rfc3339_of(alert.at), std::move(alert.kind),
                                 std::move(alert.service_name), std::move(alert.credential),
                                 std::move(alert.detail)});
    }
    return alerts;
}

}  // namespace

tool::Tool create_decoy() {
    return tool::define(
        {
            .name = "create_decoy",
            .title = "Create a decoy",
            .description = "Makes a service that nobody has a reason to use. Whoever uses it, or sends one "
                           "of its values "
                           "in any argument, loses their credential at once, and an alert tells of it.",
            .scope = auth::Scope::admin,
            .effect = {},
            .route = {http::Method::post, "/decoys"},
        },
        create);
}

tool::Tool list_alerts() {
    return tool::define(
        {
            .name = "list_alerts",
            .title = "List alerts",
            .description = "What an administrator should look at: echoed credentials, leaks, touched decoys.",
            .scope = auth::Scope::admin,
            .effect = {.read_only = true, .idempotent = true},
            .route = {http::Method::get, "/alerts"},
        },
        list);
}

}  // namespace tools
