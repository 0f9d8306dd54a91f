#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "base/config.hpp"
#include "egress_client/errand_messages.hpp"
#include "http_client/client.hpp"

namespace egress {

/// Speaks to the sign-in providers of the configuration and to no other (OpenID Connect Core and Discovery).
/// Documents are kept for ten minutes. Safe from any thread. Failures: see egress_client/errands.hpp.
class Providers {
public:
    /// Throws base::Error (invalid_input, "configuration_invalid") for an issuer that is no https URL (plain
    /// http is for listed loopback addresses) or a secret that cannot be read.
    explicit Providers(const base::Config& config);

    /// JSON texts, parsed once and written anew.
    std::string metadata(const std::string& provider);
    std::string keys(const std::string& provider, bool fresh);
    std::string redeem(const egress_client::ProviderCodeErrand& errand);

private:
    struct Document {
        std::string text;
        std::chrono::steady_clock::time_point fetched_at;
    };

    const base::Config::SignIn& find(const std::string& provider) const;
    std::string document(const std::string& url, std::chrono::seconds age);
    std::string metadata_member(const base::Config::SignIn& provider, const char* name);
    http_client::Response exchange(const std::string& url, const std::string& body);

    std::string redirect_uri_;
    std::map<std::string, base::Config::SignIn> providers_;
    std::map<std::string, base::Secret> secrets_;
    http_client::Client client_;
    std::mutex mutex_;
    std::map<std::string, Document> documents_;
};

}  // namespace egress
