#include "tools/service_view.hpp"

namespace tools {

ServiceView view_of(vault::Service service) {
    return ServiceView{
        .name = std::move(service.name),
        .description = std::move(service.description),
        .connector = std::move(service.connector),
        .auth_method = std::move(service.auth_method),
        .origins = std::move(service.origins),
        .revealable = service.revealable,
        .state = std::string{vault::name_of(service.state)},
        .echoed_at = base::rfc3339_of(service.echoed_at),
    };
}

}  // namespace tools
