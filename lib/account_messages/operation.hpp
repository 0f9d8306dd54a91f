#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "http/request.hpp"

namespace account_messages {

/// How the caller of an operation says who they are.
enum class Credential { none, basic, user_token };

/// One operation of /api/v1/auth/..., as the OpenAPI document describes it and account_rest runs it.
struct Operation {
    std::string name;  ///< the operationId
    http::Method method;
    std::string path;  ///< below /api/v1
    std::string title;
    std::string description;
    Credential credential;
    nlohmann::json input;   ///< JSON Schema of the body; null when there is none
    nlohmann::json output;  ///< JSON Schema of the answer
    int status = 200;
};

/// All of them, in the published order.
const std::vector<Operation>& operations();

/// Adds the operations to an OpenAPI document.
void describe(nlohmann::json& document);

}  // namespace account_messages
