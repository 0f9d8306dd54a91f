#pragma once

#include "vault/service.hpp"

namespace vault {

/// A request for a service, checked against its connector and completed: nothing is left to decide.
struct CheckedService {
    std::string connector;
    std::string auth_method;
    std::vector<std::string> origins;             ///< canonical
    std::map<std::string, std::string> settings;  ///< with fallbacks
};

/// Throws base::Error as create_service does.
CheckedService check_service(const ConnectorCatalog& connectors, const NewService& request);

/// Throws base::Error (invalid_input, "invalid_secret") unless there is exactly one fit value per field.
void check_secrets(const AuthMethod& method, const Secrets& secrets);

}  // namespace vault
