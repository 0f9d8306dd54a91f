#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "vault/service.hpp"

namespace vault {

/// Where a service's credential goes in a request, with {names} in place of secrets.
struct CredentialSketch {
    std::map<std::string, std::string> fields;
    std::vector<std::pair<std::string, std::string>> query;
    std::vector<std::pair<std::string, std::string>> members;  ///< of the body
};

CredentialSketch sketch_of(const AuthMethod& method, const Service& service);

}  // namespace vault
