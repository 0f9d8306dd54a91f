#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "schema/field.hpp"
#include "vault/service.hpp"

namespace tools {

/// A service as tools show it.
struct ServiceView {
    std::string name;
    std::string description;
    std::string connector;
    std::string auth_method;
    std::vector<std::string> origins;
    bool revealable = false;
    std::string state;
    std::optional<std::string> echoed_at;

    static constexpr auto fields = std::tuple{
        schema::field("name", &ServiceView::name, "What the other tools call service_name."),
        schema::field("description", &ServiceView::description, "What the service is for."),
        schema::field("connector", &ServiceView::connector, "The kind of service, such as github."),
        schema::field("auth_method", &ServiceView::auth_method, "How Gatehouse authenticates to it."),
        schema::field("origins", &ServiceView::origins, "Where call_service may send a request."),
        schema::field("revealable", &ServiceView::revealable, "Whether get_credentials may show its secret."),
        schema::field("state", &ServiceView::state, "active, disabled or revoked."),
        schema::field("echoed_at", &ServiceView::echoed_at,
                      "Since when the service is known to send the credential back, if it does (RFC 3339)."),
    };
};

ServiceView view_of(vault::Service service);

/// The input of a tool that needs no more than a service's name.
struct ServiceName {
    std::string service_name;

    static constexpr auto fields = std::tuple{
        schema::field("service_name", &ServiceName::service_name, "The service's name, from list_services.",
                      {1, 64}),
    };
};

}  // namespace tools
