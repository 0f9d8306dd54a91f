#include "tool/call.hpp"
#include "tools/catalogue.hpp"
#include "vault/connector.hpp"

namespace tools {
namespace {

struct Input {
    static constexpr auto fields = std::tuple{};
};

struct FieldView {
    std::string name;
    std::string description;
    static constexpr auto fields = std::tuple{
        schema::field("name", &FieldView::name, "Its name."),
        schema::field("description", &FieldView::description, "What it is."),
    };
};

struct MethodView {
    std::string name;
    std::string description;
    std::vector<FieldView> secrets;
    std::vector<FieldView> settings;
    static constexpr auto fields = std::tuple{
        schema::field("name", &MethodView::name, "What create_service calls auth_method."),
        schema::field("description", &MethodView::description, "How it authenticates."),
        schema::field("secrets", &MethodView::secrets, "The secrets it needs."),
        schema::field("settings", &MethodView::settings, "What else it needs to know."),
    };
};

struct ConnectorView {
    std::string id;
    std::string title;
    std::string description;
    bool any_origin = false;
    std::vector<std::string> origins;
    std::vector<FieldView> settings;
    std::vector<MethodView> auth_methods;
    static constexpr auto fields = std::tuple{
        schema::field("id", &ConnectorView::id, "What create_service calls connector."),
        schema::field("title", &ConnectorView::title, "The service's name."),
        schema::field("description", &ConnectorView::description, "What it is."),
        schema::field("any_origin", &ConnectorView::any_origin, "Whether create_service names the origins."),
        schema::field("origins", &ConnectorView::origins, "Where its API is."),
        schema::field("settings", &ConnectorView::settings, "What it needs to know besides the secret."),
        schema::field("auth_methods", &ConnectorView::auth_methods, "The first is the usual one."),
    };
};

struct Output {
    std::vector<ConnectorView> connectors;
    static constexpr auto fields = std::tuple{
        schema::field("connectors", &Output::connectors, "Sorted by id."),
    };
};

template <class Described>
std::vector<FieldView> views_of(const std::vector<Described>& described) {
    std::vector<FieldView> views;
    for (const auto& item : described) views.push_back({item.name, item.description});
    return views;
}

ConnectorView view_of(const vault::Connector& connector) {
    ConnectorView view{.id = connector.id,
                       .title = connector.title,
                       .description = connector.description,
                       .any_origin = connector.origins.empty(),
                       .origins = connector.origins,
                       .settings = views_of(connector.settings)};
    for (const auto& method : connector.auth) {
        view.auth_methods.push_back(
            {method.name, method.description, views_of(method.secrets), views_of(method.settings)});
    }
    return view;
}

Output run(const Input&, tool::Call& call) {
    Output output;
    for (const auto& connector : call.connectors().all()) output.connectors.push_back(view_of(connector));
    return output;
}

}  // namespace

tool::Tool list_connectors() {
    return tool::define(
        {
            .name = "list_connectors",
            .title = "List connectors",
            .description = "Lists the kinds of outside services that can be added, and what each needs.",
            .scope = auth::Scope::mcp_read,
            .effect = {.read_only = true, .idempotent = true},
            .route = {http::Method::get, "/connectors"},
            .is_public = true,
        },
        run);
}

}  // namespace tools
