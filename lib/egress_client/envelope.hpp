#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <tuple>

#include "schema/field.hpp"

namespace egress_client {

using json = nlohmann::json;

/// What travels to egress: who asks for which operation on what. `proof`, in base64url, is what egress
/// checks itself: of an API key the SHA-256 of its secret, which no one can present as a credential; of a
/// grant the access token.
struct Envelope {
    std::string operation;
    std::string workspace;
    std::string credential;
    std::string proof;
    json arguments;

    static constexpr auto fields = std::tuple{
        schema::field("operation", &Envelope::operation, "call, explain, reveal, check or start_connection."),
        schema::field("workspace", &Envelope::workspace, "Public id of the workspace."),
        schema::field("credential", &Envelope::credential, "Public id of the API key or the grant."),
        schema::field("proof", &Envelope::proof, "What proves the credential."),
        schema::field("arguments", &Envelope::arguments, "What the operation needs."),
    };
};

/// Which service reveal and check are about.
struct ServiceName {
    std::string service_name;

    static constexpr auto fields =
        std::tuple{schema::field("service_name", &ServiceName::service_name, "The service's name.", {1, 64})};
};

/// Which service start_connection is about, and the caller's workspace as its page shows it.
struct ConnectionRequest {
    std::string service_name;
    std::string workspace_slug;

    static constexpr auto fields = std::tuple{
        schema::field("service_name", &ConnectionRequest::service_name, "The service's name.", {1, 64}),
        schema::field("workspace_slug", &ConnectionRequest::workspace_slug, "The workspace's slug.", {1, 64}),
    };
};

/// A refusal on its way back: what a base::Error is made of.
struct Refusal {
    std::string reason;
    std::string code;
    std::string message;

    static constexpr auto fields = std::tuple{
        schema::field("reason", &Refusal::reason, "Name of the base::Reason."),
        schema::field("code", &Refusal::code, "Stable code."),
        schema::field("message", &Refusal::message, "What the caller can do about it."),
    };
};

}  // namespace egress_client
