#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/uuid.hpp"

namespace egress_client {

/// What egress does for Gatehouse itself, not for a caller: deliver a queued mail, ask a sign-in provider
/// that the operator configured. Each request names what stands in PostgreSQL or in the configuration; none
/// carries an address, a URL or a text of its own.
///
/// Every operation throws base::Error: unavailable "egress_unavailable"; not_found "provider_unknown";
/// upstream_failed with the codes of http_client and "provider_refused", "provider_answer_invalid",
/// "mail_failed"; unavailable "mail_not_configured".
class Errands {
public:
    /// Does not connect.
    explicit Errands(std::filesystem::path internal_socket) : socket_{std::move(internal_socket)} {}

    /// Delivers the mail with this id in account.mail, and notes there how it ended.
    void deliver_mail(const base::Uuid& id);

    /// The provider's metadata (OpenID Connect Discovery 1.0) and its keys (a JWK Set). Kept by egress for
    /// ten minutes; `fresh` asks anew, at most once a minute.
    nlohmann::json provider_metadata(const std::string& provider);
    nlohmann::json provider_keys(const std::string& provider, bool fresh);

    struct ProviderCode {
        std::string provider;
        std::string code;
        std::string code_verifier;
    };
    /// The id token that the provider gives for an authorization code. Egress adds the client's secret and
    /// our redirect URI.
    std::string redeem_provider_code(const ProviderCode& code);

private:
    nlohmann::json ask(const char* operation, nlohmann::json arguments);

    std::filesystem::path socket_;
};

}  // namespace egress_client
