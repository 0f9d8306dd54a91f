#pragma once

#include <nlohmann/json.hpp>

#include "account_rest/api.hpp"
#include "schema/schema.hpp"

namespace account_rest {

/// One call of an operation. For this component.
struct Api::Call {
    const http::Request& request;
    const std::optional<account::LoginSession>& session;  ///< whose user token came along
    nlohmann::json body;

    template <class Input>
    Input input() const {
        return schema::decode<Input>(body);
    }
    account::Visitor visitor() const { return {request.remote_address, {}}; }
};

}  // namespace account_rest
